"""The embedded broker: what wharf relies on, and what it is known not to do."""

from __future__ import annotations

import pytest
from confluent_kafka import Consumer, Producer

from ops.embedded.broker import PARTITIONS, Broker
from ops.embedded.kafka import broker_count

pytestmark = pytest.mark.broker


def test_it_prints_where_it_listens(broker: Broker) -> None:
    assert broker_count(broker.bootstrap) == 1


def test_a_topic_comes_into_being_by_being_asked_for(broker: Broker, environment: str) -> None:
    topic = (
        Producer({"bootstrap.servers": broker.bootstrap})
        .list_topics(f"{environment}.t", timeout=10)
        .topics[f"{environment}.t"]
    )
    assert len(topic.partitions) == PARTITIONS


def test_what_is_produced_can_be_read_by_a_group_of_the_new_protocol(broker: Broker, environment: str) -> None:
    producer = Producer({"bootstrap.servers": broker.bootstrap})
    producer.produce(f"{environment}.t", b"hello")
    assert producer.flush(10) == 0
    group = {"group.id": environment, "group.protocol": "consumer", "auto.offset.reset": "earliest"}
    consumer = Consumer({"bootstrap.servers": broker.bootstrap, **group})
    consumer.subscribe([f"{environment}.t"])
    message = consumer.poll(20)
    consumer.close()
    assert message is not None
    assert message.value() == b"hello"


def test_a_new_broker_knows_nothing_of_the_old_one(tmp_path_factory: pytest.TempPathFactory) -> None:
    broker = Broker(tmp_path_factory.mktemp("broker"))
    broker.start()
    first = broker.bootstrap
    Producer({"bootstrap.servers": first}).list_topics("t", timeout=10)
    broker.stop()
    broker.start()
    found = Producer({"bootstrap.servers": broker.bootstrap}).list_topics(timeout=10).topics
    broker.stop()
    assert "t" not in found
