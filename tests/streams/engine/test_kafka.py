"""What the engine leans on in its libraries, beyond what they promise: each line fails here when upstream moves it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from faust.app.base import BootStrategy

from ops.embedded.broker import Broker
from ops.embedded.child import free_port
from schemas.settings import Settings
from streams.engine.kafka import (
    DEADLY,
    HURRY_MS,
    MOVING,
    NOT_YET,
    consumer_config,
    error_of,
    is_deadly,
    producer_config,
    reader_config,
    record_of,
    transactional_config,
)
from streams.engine.partitioner import partition_of
from tests.streams.engine.bay import Bay

SETTINGS = Settings(kafka=f"127.0.0.1:{free_port()}", environment="t")


def test_a_fatal_error_denies_being_fatal_and_is_known_by_its_code() -> None:
    error = KafkaError(KafkaError._FATAL)
    assert not error.fatal()
    assert is_deadly(error)


def test_passing_noise_is_not_deadly() -> None:
    assert not any(
        is_deadly(KafkaError(code)) for code in (KafkaError._ALL_BROKERS_DOWN, KafkaError._TRANSPORT, *NOT_YET)
    )


def test_every_code_that_is_asked_for_exists() -> None:
    assert all(isinstance(code, int) for code in (*DEADLY, *NOT_YET, *MOVING, KafkaError._PARTITION_EOF))


def test_the_error_inside_an_exception_is_found() -> None:
    error = KafkaError(KafkaError._TIMED_OUT)
    assert error_of(KafkaException(error)) is error
    assert error_of(ValueError("x")) is None


@pytest.mark.parametrize("embedded", [False, True])
def test_librdkafka_takes_every_setting(embedded: bool) -> None:
    settings = SETTINGS.model_copy(update={"embedded": embedded})
    for config in (consumer_config(settings, "g"), reader_config(settings)):
        Consumer(config | {"enable.partition.eof": True}).close()
    for config in (producer_config(settings), transactional_config(settings, "id")):
        Producer(config | {"delivery.timeout.ms": 9_000} if "transactional.id" not in config else config).purge()
    assert consumer_config(settings, "g")["isolation.level"] == "read_committed"


def test_who_reads_to_an_end_hears_of_it_soon_and_who_goes_on_reading_asks_seldom() -> None:
    embedded = SETTINGS.model_copy(update={"embedded": True})
    waits = [reader_config(*asked)["fetch.wait.max.ms"] for asked in ((SETTINGS,), (SETTINGS, 500), (embedded, 500))]
    assert waits == [HURRY_MS, 500, HURRY_MS]  # the embedded broker keeps a question for all of its time


def test_a_producer_loses_nothing_by_its_settings() -> None:
    config = transactional_config(SETTINGS, "t.toy.0")
    assert (config["acks"], config["enable.idempotence"], config["partitioner"]) == ("all", True, "murmur2_random")
    assert config["retry.backoff.ms"] == 1


def test_fausts_kafka_side_is_switched_off_where_we_think_it_is() -> None:
    assert BootStrategy.enable_kafka is True


broker = pytest.mark.broker
within = pytest.mark.timeout(60)


@pytest.fixture
def bay(broker: Broker, environment: str, tmp_path: Path) -> Bay:
    return Bay(broker.bootstrap, environment, tmp_path, "feeds.commands")


@broker
@within
def test_librdkafka_puts_a_key_where_the_driver_does(bay: Bay) -> None:
    keys = [f"acme|k{number}".encode() for number in range(40)]
    for key in keys:
        bay.put("feeds.commands", key, b"x", [])
    found = {record.key: record.partition for record in bay.read("feeds.commands")}
    assert found == {key: partition_of(key, 4) for key in keys}


@broker
@within
def test_the_end_of_a_partition_is_told_with_its_offset(bay: Bay) -> None:
    bay.put("feeds.commands", b"acme|a", b"x", [])
    name, number = bay.settings.topic("feeds.commands"), partition_of(b"acme|a", 4)
    consumer = Consumer(reader_config(bay.settings))
    consumer.assign([TopicPartition(name, number, 0)])
    found: list[Any] = []
    while len(found) < 2:
        found += [message for message in (consumer.poll(1.0),) if message is not None]
    consumer.close()
    assert [message.error().code() if message.error() else None for message in found] == [
        None,
        KafkaError._PARTITION_EOF,
    ]
    assert [message.offset() for message in found] == [0, 1]


@broker
@within
def test_a_commit_hands_out_the_delivery_reports_before_it_returns(bay: Bay) -> None:
    told: list[int] = []
    producer = Producer(transactional_config(bay.settings, f"{bay.settings.environment}.x"))
    producer.init_transactions(10)
    producer.begin_transaction()
    report = lambda error, message: told.append(message.offset())  # noqa: E731
    producer.produce(bay.settings.topic("feeds.commands"), b"x", b"k", 0, on_delivery=report)
    producer.commit_transaction(10)
    assert told == [0]


@broker
@within
def test_a_record_comes_back_with_all_that_was_sent(bay: Bay) -> None:
    bay.put("feeds.commands", b"acme|a", b"body", [("ce_id", b"1"), ("twice", b"a"), ("twice", b"b")])
    (record,) = bay.read("feeds.commands")
    assert (record.topic, record.key, record.value) == ("feeds.commands", b"acme|a", b"body")
    assert record.headers == [("ce_id", b"1"), ("twice", b"a"), ("twice", b"b")]
    assert record.timestamp > 0


def test_a_record_without_key_headers_or_time_is_still_a_record() -> None:
    class Bare:
        def topic(self) -> str:
            return "t.feeds.commands"

        def partition(self) -> int:
            return 2

        def offset(self) -> int:
            return 7

        def timestamp(self) -> tuple[int, int]:
            return (0, -1)

        def key(self) -> None:
            return None

        value = headers = key

    found = record_of(Bare(), {"t.feeds.commands": "feeds.commands"})  # type: ignore[arg-type]
    assert (found.position, found.timestamp, found.key, found.value, found.headers) == (
        ("feeds.commands", 2, 7),
        0,
        None,
        None,
        [],
    )
