"""The ten faults of stock Faust (ops/chaos/reports/stock-faust.md), each on wharf's engine, which does not have it."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import ConfigResource
from prometheus_client import REGISTRY

from ops.chaos.stock_faust.__main__ import NAMES
from ops.chaos.stock_faust.shown import TESTS
from ops.embedded.broker import Broker
from ops.topics.apply import Broker as Administrator
from schemas import wire
from schemas.envelope import Envelope, to_headers
from streams.engine import transaction
from streams.engine.agent import Agent, Batch
from streams.engine.effects import Effects, Message
from streams.engine.kafka import consumer_config
from streams.engine.records import TP
from streams.engine.source import Source
from tables.rows import Rows
from tests.streams.engine.bay import Bay
from tests.streams.engine.harbour import PARTITIONS, Harbour, until
from tests.streams.engine.toy import TOY, append, decide, toy

TINY = "100"  # bytes: less than any record, and room for the markers that end a transaction
embedded, kafka_needed = pytest.mark.broker, pytest.mark.kafka
pytestmark = pytest.mark.timeout(120)
TOPICS = ("feeds.commands", "feeds.commands.dead", "channels.feed", "inventory.availability", "toy-changelog")


def test_every_fault_that_is_shown_on_stock_faust_has_its_test_here() -> None:
    assert {letter for _, letter in NAMES.values()} == set(TESTS)
    assert set(TESTS.values()) <= globals().keys()


@pytest.fixture
def bay(broker: Broker, environment: str, tmp_path: Path) -> Bay:
    return Bay(broker.bootstrap, environment, tmp_path, *TOPICS)


def count(key: str = "a", kind: str = "count") -> tuple[str, str, Any]:
    return ("feed.append", key, append(kind))


def numbers(bay: Bay, entries: int) -> list[int]:
    return [wire.decode(record.value or b"")[1]["seq"] for record in bay.wait_for("channels.feed", entries)]


def committed(bootstrap: str, group: str, topic: str) -> dict[int, int]:
    """Offsets that a group has committed, by partition."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": group})
    try:
        found = consumer.committed([TopicPartition(topic, part) for part in range(PARTITIONS)], 10)
        return {part.partition: part.offset for part in found}
    finally:
        consumer.close()


@embedded
def test_an_error_of_the_group_begins_a_new_session_and_everything_is_decided(
    bay: Bay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A: stock Faust stands still for ever, and says that it is well."""
    real, failed = Source.poll, []

    def fails_once(self: Source, limit: int, wait_s: float) -> Any:
        if self.position and not failed:
            failed.append(limit)
            raise KafkaException(KafkaError(KafkaError.UNKNOWN))
        return real(self, limit, wait_s)

    monkeypatch.setattr(Source, "poll", fails_once)
    bay.send(*[count()] * 50)
    with bay.running(toy) as engine:
        assert numbers(bay, 50) == list(range(1, 51))
        assert engine.health.ready()
    assert (len(failed), bay.fatal) == (1, [])


@embedded
def test_nothing_is_committed_past_a_record_that_is_still_being_decided(bay: Bay) -> None:
    """B."""
    entered, go_on = threading.Event(), threading.Event()

    def slow_first(message: Message, rows: Rows) -> Effects:
        if rows.get("entry|last") is None:
            entered.set()
            assert go_on.wait(30)
        return decide(message, rows)

    def body(batch: Batch) -> None:
        batch.decide(slow_first)

    bay.send(*[count()] * 20)
    group, topic = f"{bay.settings.environment}.toy", bay.settings.topic("feeds.commands")
    with bay.running(Agent("toy", ("feeds.commands",), body, TOY)):
        assert entered.wait(30)
        assert set(committed(bay.settings.kafka, group, topic).values()) == {-1001}
        go_on.set()
        numbers(bay, 20)
    assert max(committed(bay.settings.kafka, group, topic).values()) == 20


@kafka_needed
def test_the_committed_offset_reaches_the_end_of_transactional_input(harbour: Harbour) -> None:
    """C: a marker follows each transaction, so offsets have gaps, one right behind the first record too."""
    producer = Producer({"bootstrap.servers": harbour.settings.kafka, "transactional.id": "input"})
    producer.init_transactions(10)
    topic, body = harbour.settings.topic("feeds.commands"), wire.encode("wharf.feeds.v1.AppendEntry", append())
    for index, size in enumerate([1, *[10] * 19]):
        producer.begin_transaction()
        for one in range(size):
            headers = to_headers(Envelope(f"t-{index}-{one}", "feed.append", "wharf/test", "acme"))
            producer.produce(topic, body, b"acme|a", 0, headers=headers)
        producer.commit_transaction(10)
    end = harbour.marks.highs([TP("feeds.commands", 0)])[TP("feeds.commands", 0)]
    harbour.start()
    harbour.wait_for(191)
    at = until(lambda: committed(harbour.settings.kafka, f"{harbour.settings.environment}.toy", topic)[0])
    assert (end, at) == (191 + 20, end - 1)  # only the last marker is behind it


@kafka_needed
@pytest.mark.parametrize("refused", ["channels.feed", "toy-changelog"])
def test_what_cannot_be_published_is_not_committed_and_comes_when_it_can(harbour: Harbour, refused: str) -> None:
    """D and E: the broker refuses every record of an output, or of the changelog."""
    broker, name = Administrator(harbour.settings.kafka), harbour.settings.topic(refused)
    broker.configure(ConfigResource.Type.TOPIC, name, {"max.message.bytes": TINY})
    harbour.send([("a", "count", b"")] * 10)
    harbour.start()
    until(lambda: "engine.session-ended" in harbour.log())
    mailbox = harbour.settings.topic("feeds.commands")
    group = f"{harbour.settings.environment}.toy"
    assert set(committed(harbour.settings.kafka, group, mailbox).values()) == {-1001}
    assert harbour.entries() == []
    broker.configure(ConfigResource.Type.TOPIC, name, {"max.message.bytes": str(1 << 20)})
    assert [entry.record["seq"] for entry in harbour.wait_for(10)] == list(range(1, 11))
    assert len(harbour.entries()) == 10


@embedded
def test_a_record_that_raises_is_dead_and_not_gone(bay: Bay) -> None:
    """F."""
    with bay.running(toy):
        ids = bay.send(*[count()] * 4, count(kind="boom"), *[count()] * 5)
        assert numbers(bay, 9) == list(range(1, 10))
        (letter,) = bay.wait_for("feeds.commands.dead", 1)
    assert dict(letter.headers)["ce_id"].decode() == ids[4]


@embedded
def test_a_record_that_raises_takes_nothing_of_its_batch_with_it(bay: Bay) -> None:
    """G: all thirty are one batch."""
    bay.send(*[count()] * 14, count(kind="boom"), *[count()] * 15)
    with bay.running(toy):
        assert numbers(bay, 29) == list(range(1, 30))
    assert len(bay.read("feeds.commands.dead")) == 1


@kafka_needed
def test_a_table_counts_each_record_once_through_a_kill(harbour: Harbour) -> None:
    """H."""
    harbour.start()
    harbour.send([(f"k{index % 7}", "count", b"") for index in range(700)])
    harbour.wait_for(1)
    harbour.kill()
    harbour.start()
    entries = harbour.wait_for(700)
    last = {key: max(e.record["seq"] for e in entries if e.key == key) for key in {e.key for e in entries}}
    assert (len(entries), last) == (700, {f"k{number}": 100 for number in range(7)})


@embedded
def test_under_backlog_the_engine_never_sleeps(bay: Bay, monkeypatch: pytest.MonkeyPatch) -> None:
    """I: nothing waits for a buffer to be relieved; between two transactions the broker writes its markers, no more."""
    real, slept = time.sleep, []

    def noted(seconds: float) -> None:
        slept.append(seconds)
        real(seconds)

    monkeypatch.setattr(transaction, "time", _Clock(noted))
    bay.send(*[count(f"k{index % 9}") for index in range(600)])
    with bay.running(toy):
        bay.wait_for("channels.feed", 600)
    assert slept
    assert max(slept) <= transaction.BREATH_S
    assert consumer_config(bay.settings, "g")["fetch.queue.backoff.ms"] <= 10  # librdkafka's own such second


class _Clock:
    """The time module, as one module sees it."""

    def __init__(self, sleep: Any) -> None:
        self.sleep, self.monotonic = sleep, time.monotonic


@embedded
def test_a_restart_reads_of_the_changelog_only_what_its_store_has_not_seen(bay: Bay) -> None:
    """J: the store knows its place in the changelog, which is written with its rows."""
    with bay.running(toy):
        bay.send(*[count()] * 30)
        numbers(bay, 30)
    before = restored()
    with bay.running(toy):
        bay.send(count())
        assert numbers(bay, 31)[-1] == 31
    assert restored() == before
    shutil.rmtree(bay.settings.state_dir / "slots")
    with bay.running(toy):
        bay.send(count())
        assert numbers(bay, 32)[-1] == 32
    assert restored() > before


def restored() -> float:
    """Changelog records that the toy's takeovers have read in this process."""
    labels = [{"agent": "toy", "partition": str(number)} for number in range(PARTITIONS)]
    return sum(REGISTRY.get_sample_value("wharf_rows_restored_total", each) or 0.0 for each in labels)
