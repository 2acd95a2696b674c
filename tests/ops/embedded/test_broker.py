"""The embedded broker: what wharf relies on, and what it is known not to do."""

from __future__ import annotations

import pytest
from confluent_kafka import Consumer, Message, Producer, TopicPartition

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


def test_a_transactions_marker_takes_an_offset_and_what_was_aborted_is_seen(broker: Broker, environment: str) -> None:
    topic = f"{environment}.t"
    producer = Producer({"bootstrap.servers": broker.bootstrap, "transactional.id": environment})
    producer.init_transactions(20)
    for value, end in ((b"aborted", producer.abort_transaction), (b"kept", producer.commit_transaction)):
        producer.begin_transaction()
        producer.produce(topic, value, partition=0)
        assert producer.flush(10) == 0
        end(10)
    assert [(m.offset(), m.value()) for m in read(broker, topic, 2)] == [(0, b"aborted"), (2, b"kept")]


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


def read(broker: Broker, topic: str, count: int) -> list[Message]:
    """The first records of partition 0, as a reader of what was committed sees them."""
    only_committed = {"isolation.level": "read_committed", "group.id": topic}
    consumer = Consumer({"bootstrap.servers": broker.bootstrap, **only_committed})
    consumer.assign([TopicPartition(topic, 0, 0)])
    found = consumer.consume(count, 20)
    consumer.close()
    return found
