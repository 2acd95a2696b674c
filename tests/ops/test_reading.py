"""A partition is read to its end, and later on from there; what is away or cannot be read is named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from ops.embedded.broker import Broker
from ops.exits import Exit, Failed
from ops.reading import Partition, partitions, told
from schemas import wire
from schemas.envelope import Envelope, to_headers
from schemas.generated import orders_v1
from schemas.settings import Settings
from streams.engine.records import Record

TOPIC = "orders.commands"
NAME = "wharf.orders.v1.ReleaseOrder"


class Topic:
    """A topic at the embedded broker, and what is put there."""

    def __init__(self, bootstrap: str, environment: str) -> None:
        self.settings = Settings(kafka=bootstrap, embedded=True, environment=environment)
        self._producer = Producer({"bootstrap.servers": bootstrap})

    def put(self, *values: bytes, partition: int = 0) -> None:
        for value in values:
            self._producer.produce(self.settings.topic(TOPIC), value, b"acme|O-1", partition)
        assert self._producer.flush(10) == 0


@pytest.fixture
def topic(broker: Broker, environment: str) -> Iterator[Topic]:
    made = Topic(broker.bootstrap, environment)
    assert partitions(made.settings, TOPIC) > 0
    yield made


def values(partition: Partition) -> list[bytes | None]:
    return [record.value for record in partition.records()]


@pytest.mark.broker
def test_an_empty_partition_has_an_end(topic: Topic) -> None:
    with Partition(topic.settings, TOPIC, 0) as partition:
        assert values(partition) == []


@pytest.mark.broker
def test_a_partition_is_read_to_its_end_and_on_from_there(topic: Topic) -> None:
    topic.put(b"1", b"2")
    with Partition(topic.settings, TOPIC, 0) as partition:
        assert values(partition) == [b"1", b"2"]
        assert values(partition) == []
        for number in range(20):
            topic.put(b"%d" % number)
            assert values(partition) == [b"%d" % number]


@pytest.mark.broker
def test_other_partitions_are_left_alone(topic: Topic) -> None:
    topic.put(b"here", partition=0)
    topic.put(b"there", partition=1)
    with Partition(topic.settings, TOPIC, 1) as partition:
        assert values(partition) == [b"there"]


@pytest.mark.kafka
def test_of_transactions_only_what_was_committed_is_read(kafka: Broker, environment: str) -> None:
    settings = Settings(kafka=kafka.bootstrap, environment=environment)
    admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
    made = admin.create_topics([NewTopic(settings.topic(TOPIC), 1, 1)])
    assert [future.result(30) for future in made.values()] == [None]
    producer = Producer({"bootstrap.servers": kafka.bootstrap, "transactional.id": f"{environment}.reader"})
    producer.init_transactions(30)
    for value, end in ((b"1", producer.commit_transaction), (b"2", producer.abort_transaction)):
        producer.begin_transaction()
        producer.produce(settings.topic(TOPIC), value, b"acme|O-1", 0)
        end(30)
    with Partition(settings, TOPIC, 0) as partition:
        assert values(partition) == [b"1"]
        producer.begin_transaction()
        producer.produce(settings.topic(TOPIC), b"3", b"acme|O-1", 0)
        producer.flush(10)
        assert values(partition) == []
        producer.commit_transaction(30)
        assert values(partition) == [b"3"]


def record(value: bytes | None) -> Record:
    headers = to_headers(Envelope("m-1", "order.release", "wharf/cli", "acme", 1_772_438_400_000))
    return Record(TOPIC, 3, 41, 1_772_438_400_000, b"acme|O-1", value, headers)


def test_a_record_is_its_envelope_and_its_content() -> None:
    envelope, content = told(record(wire.encode(NAME, orders_v1.release_order(order_id="O-1"))))
    assert (envelope.id, content["order_id"]) == ("m-1", "O-1")


@pytest.mark.parametrize("value", [None, b"", b"\x00garbage"])
def test_what_cannot_be_read_is_named_by_its_place(value: bytes | None) -> None:
    with pytest.raises(Failed, match=r"orders\.commands/3 at 41 cannot be read") as failure:
        told(record(value))
    assert failure.value.code is Exit.BAD_DATA
