"""Real Kafka from its jars is a broker as wharf wants it."""

from __future__ import annotations

from pathlib import Path

import pytest
from confluent_kafka import KafkaException, Producer
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic

from ops.embedded.kafka import Kafka, broker_count
from tests.support.embedded import running

pytestmark = pytest.mark.kafka


def test_it_answers_as_soon_as_start_returns(kafka: Kafka) -> None:
    assert broker_count(kafka.bootstrap) == 1


def test_no_topic_comes_into_being_by_being_asked_for(kafka: Kafka, environment: str) -> None:
    client = Producer({"bootstrap.servers": kafka.bootstrap})
    assert client.list_topics(f"{environment}.nobody-made-me", timeout=10).topics.popitem()[1].error


def test_a_dead_members_partitions_are_given_away_after_six_seconds(kafka: Kafka) -> None:
    assert setting(kafka, "group.consumer.session.timeout.ms") == "6000"


def test_an_abandoned_transaction_is_noticed_within_a_second(kafka: Kafka) -> None:
    assert setting(kafka, "transaction.abort.timed.out.transaction.cleanup.interval.ms") == "1000"


def test_offsets_outlive_a_month(kafka: Kafka) -> None:
    assert setting(kafka, "offsets.retention.minutes") == str(30 * 24 * 60)


def test_it_takes_transactions(kafka: Kafka, environment: str) -> None:
    topic = made(kafka, f"{environment}.t")
    producer = Producer({"bootstrap.servers": kafka.bootstrap, "transactional.id": environment})
    producer.init_transactions(30)
    producer.begin_transaction()
    producer.produce(topic, b"x")
    producer.commit_transaction(30)
    assert producer.flush(0) == 0


@pytest.mark.slow
def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    for broker in running(Kafka(tmp_path)):
        made(broker, "kept")
        broker.kill()
        assert broker_count(broker.bootstrap, timeout_s=0.5) == 0
        broker.start()
        assert "kept" in AdminClient({"bootstrap.servers": broker.bootstrap}).list_topics(timeout=10).topics


def made(kafka: Kafka, topic: str) -> str:
    admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
    admin.create_topics([NewTopic(topic, 1, 1)])[topic].result(30)
    return topic


def setting(kafka: Kafka, name: str) -> str:
    admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
    resource = ConfigResource(ConfigResource.Type.BROKER, "1")
    try:
        return str(admin.describe_configs([resource])[resource].result(30)[name].value)
    except KafkaException as exc:
        raise AssertionError(exc) from exc
