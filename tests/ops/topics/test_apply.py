"""`wharf topics apply` at a real broker and at the embedded one."""

from __future__ import annotations

import os
import signal
import threading

import pytest
from confluent_kafka.admin import ConfigResource

from ops.embedded.broker import Broker as Embedded
from ops.embedded.kafka import Kafka
from ops.topics.apply import REQUEST_S, Broker, apply_embedded, apply_groups, apply_topics, differs
from ops.topics.wanted import Wanted
from schemas.settings import Settings

FOR_EVER = {"retention.ms": "-1"}


def test_only_what_is_not_in_force_is_set() -> None:
    assert differs({"a": "1", "b": "2"}, {"a": "1", "b": "3", "c": "4"}) == {"b": "2"}


@pytest.mark.kafka
def test_what_is_missing_is_created_with_its_configuration(kafka: Kafka, environment: str) -> None:
    broker, topic = Broker(kafka.bootstrap), Wanted(f"{environment}.t", 3, FOR_EVER)
    done = list(apply_topics(broker, [topic], 1))
    assert [change.done for change in done] == ["created"]
    assert broker.partitions()[topic.name] == 3
    assert broker.configs(ConfigResource.Type.TOPIC, [topic.name])[topic.name]["retention.ms"] == "-1"


@pytest.mark.kafka
def test_doing_it_twice_changes_nothing(kafka: Kafka, environment: str) -> None:
    broker, topic = Broker(kafka.bootstrap), Wanted(f"{environment}.t", 1, FOR_EVER)
    list(apply_topics(broker, [topic], 1))
    assert list(apply_topics(broker, [topic], 1)) == []


@pytest.mark.kafka
def test_a_changed_retention_is_set_on_a_topic_that_exists(kafka: Kafka, environment: str) -> None:
    broker, name = Broker(kafka.bootstrap), f"{environment}.t"
    list(apply_topics(broker, [Wanted(name, 1, FOR_EVER)], 1))
    done = list(apply_topics(broker, [Wanted(name, 1, {"retention.ms": "1000"})], 1))
    assert [(change.done, change.why) for change in done] == [("configured", "retention.ms=1000")]


@pytest.mark.kafka
def test_a_partition_count_is_never_changed(kafka: Kafka, environment: str) -> None:
    broker, name = Broker(kafka.bootstrap), f"{environment}.t"
    list(apply_topics(broker, [Wanted(name, 1, FOR_EVER)], 1))
    done = list(apply_topics(broker, [Wanted(name, 2, FOR_EVER)], 1))
    assert [change.done for change in done] == ["refused"]
    assert broker.partitions()[name] == 1


@pytest.mark.kafka
def test_a_groups_session_ends_when_the_settings_say(kafka: Kafka, environment: str) -> None:
    broker, settings = Broker(kafka.bootstrap), Settings(session_timeout_ms=7_000)
    done = list(apply_groups(broker, [environment], settings))
    assert [change.done for change in done] == ["configured"]
    config = broker.configs(ConfigResource.Type.GROUP, [environment])[environment]
    assert (config["consumer.session.timeout.ms"], config["consumer.heartbeat.interval.ms"]) == ("7000", "1166")


@pytest.mark.kafka
def test_a_session_shorter_than_the_broker_allows_is_refused_by_name(kafka: Kafka, environment: str) -> None:
    done = list(apply_groups(Broker(kafka.bootstrap), [environment], Settings(session_timeout_ms=100)))
    assert [change.done for change in done] == ["refused"]


@pytest.mark.broker
def test_the_embedded_broker_has_a_topic_once_it_was_asked_about(broker: Embedded, environment: str) -> None:
    topics = [Wanted(f"{environment}.{name}", 12, FOR_EVER) for name in ("a", "b")]
    done = list(apply_embedded(Broker(broker.bootstrap), topics))
    assert [change.done for change in done] == ["created", "created"]
    assert list(apply_embedded(Broker(broker.bootstrap), topics)) == []


@pytest.mark.kafka
def test_a_broker_that_hangs_for_longer_than_one_request_is_asked_again(own_kafka: Kafka, environment: str) -> None:
    broker, topic = Broker(own_kafka.bootstrap), Wanted(f"{environment}.t", 3, FOR_EVER)
    broker.nodes()
    os.kill(own_kafka.pid, signal.SIGSTOP)
    waking = threading.Timer(REQUEST_S + 4.0, os.kill, (own_kafka.pid, signal.SIGCONT))
    waking.start()
    try:
        done = list(apply_topics(broker, [topic], 1))
    finally:
        waking.join()
    assert [change.done for change in done] == ["created"]
    assert broker.partitions()[topic.name] == 3
