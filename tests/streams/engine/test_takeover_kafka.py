"""Takeovers while transactions are still open: does the new owner know all that the old one committed?

An old owner has counted two of three commands (its row says 2, its offset is 2); a session must give the third the number 3.
One that begins with less would say 1 and have lost two for good.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from ops.embedded.kafka import Kafka
from schemas import wire
from schemas.generated.feeds_v1 import feed_entry
from schemas.topics import key_of
from streams.engine.breaker import Breaker
from streams.engine.health import Health
from streams.engine.kafka import consumer_config, transactional_config
from streams.engine.partitioner import partition_of
from streams.engine.session import Session
from streams.engine.setup import Setup
from streams.engine.slots import take_slot
from streams.engine.takeover import OffsetsLost
from tables.store_layer import state_key
from tests.streams.engine.harbour import PARTITIONS, Harbour
from tests.streams.engine.toy import toy

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(120)]
HOLD_S = 2.0  # how long a case keeps a transaction open
PARTITION = partition_of(b"acme|a", PARTITIONS)


def entry(number: int) -> bytes:
    record = feed_entry(channel="", view="", seq=number, id="", type="count", at=0, hash="", data=b"")
    return wire.encode("wharf.feeds.v1.FeedEntry", record)


class Case:
    """Three commands of one key, and a group without members."""

    def __init__(self, harbour: Harbour) -> None:
        self.harbour, self.settings = harbour, harbour.settings
        self.group = f"{self.settings.environment}.toy"
        self.mailbox, self.changelog = self.settings.topic("feeds.commands"), self.settings.topic("toy-changelog")
        self.asker = Consumer(consumer_config(self.settings, self.group))
        self.strangers: list[Producer] = []
        harbour.send([("a", "count", b"")] * 3)

    def open_transaction(self, name: str, row: str, number: int, timeout_ms: int = 30_000) -> Producer:
        """A transaction with one changed row in the changelog, not yet ended."""
        own = {"transactional.id": f"{self.group}.{name}", "transaction.timeout.ms": timeout_ms}
        producer = Producer(transactional_config(self.settings, name) | own)
        producer.init_transactions(10)
        producer.begin_transaction()
        producer.produce(self.changelog, entry(number), state_key(key_of("acme", "a"), row), PARTITION)
        producer.flush(10)
        self.strangers.append(producer)
        return producer

    def stranger(self, timeout_ms: int = 30_000) -> Producer:
        """Someone else's, which holds the last stable offset back."""
        return self.open_transaction("stranger", "entry|other", 9, timeout_ms)

    def old_owner(self, member: Any = None) -> Producer:
        """The old owner's transaction, whole but for its end; without a member's metadata nobody checks it."""
        producer = self.open_transaction("old", "entry|last", 2, 5_000)
        offsets = [TopicPartition(self.mailbox, PARTITION, 2)]
        producer.send_offsets_to_transaction(offsets, member or self.asker.consumer_group_metadata(), 10)
        return producer

    def numbers(self) -> list[int]:
        """What sessions have published of the key."""
        return [found.record["seq"] for found in self.harbour.entries() if found.key == "a"]

    def session(self, entries: int, later: Callable[[], object] = lambda: None, name: str = "new") -> None:
        """Run a session until the feed has so many entries, with `later` HOLD_S after its begin."""
        slot = take_slot(self.harbour.folder / "slots", name)
        session = Session(Setup(toy, self.settings, slot, Health("toy")), Breaker(slot.folder / "mark"))
        began, waiting = time.monotonic(), True
        try:
            session.open()
            while (passed := time.monotonic() - began) < 40:
                session.turn()
                if waiting and passed > HOLD_S:
                    waiting = False
                    later()
                if not waiting and len(self.harbour.entries()) >= entries:
                    return
        finally:
            session.close()
            slot.release()


@pytest.fixture
def case(kafka: Kafka, environment: str, tmp_path: Path) -> Iterator[Case]:
    made = Case(Harbour(kafka.bootstrap, environment, tmp_path))
    yield made
    made.asker.close()


def test_what_was_committed_behind_an_older_open_transaction_is_known(case: Case) -> None:
    stranger = case.stranger()
    case.old_owner().commit_transaction(10)
    case.session(1, lambda: stranger.abort_transaction(10))
    assert case.numbers() == [3]


def test_a_commit_that_comes_while_the_takeover_is_under_way_is_known(case: Case) -> None:
    owner = case.old_owner()
    case.session(1, lambda: owner.commit_transaction(10))
    assert case.numbers() == [3]


def test_a_transaction_that_nobody_ends_is_waited_for_until_the_broker_does(case: Case) -> None:
    case.stranger(timeout_ms=4_000)
    case.old_owner().commit_transaction(10)
    case.session(1)
    assert case.numbers() == [3]


def test_a_good_store_that_stands_above_the_last_stable_offset_is_kept(case: Case) -> None:
    case.old_owner().commit_transaction(10)
    strangers: list[Producer] = []

    def disturb() -> None:
        strangers.append(case.stranger())
        case.harbour.send([("a", "count", b"")])

    case.session(2, disturb)
    case.harbour.send([("a", "count", b"")])
    case.session(3, lambda: strangers[0].abort_transaction(10))
    assert case.numbers() == [3, 4, 5]


def test_a_member_that_was_put_out_cannot_commit(case: Case) -> None:
    member = Consumer(consumer_config(case.settings, case.group))
    member.subscribe([case.mailbox])
    while not member.assignment():
        member.poll(0.1)
    metadata = member.consumer_group_metadata()
    member.close()
    with pytest.raises(KafkaException):
        case.old_owner(metadata)
    case.strangers[-1].abort_transaction(10)
    case.session(3)
    assert case.numbers() == [1, 2, 3]


def test_state_without_committed_offsets_is_refused_and_not_guessed_at(case: Case) -> None:
    case.open_transaction("old", "entry|last", 2).commit_transaction(10)
    with pytest.raises(OffsetsLost, match="no committed offset"):
        case.session(1)
    assert case.numbers() == []
