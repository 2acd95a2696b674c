"""A door's dead letter and the offset behind its record are one transaction: both, or neither, and not twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from schemas.settings import Settings
from streams.engine import burials as module
from streams.engine.burials import Burial, Burials
from streams.engine.offsets import Offsets
from streams.engine.records import TP, Out, Record

LETTER = Out("erp.attempts.dead", b"k", b"bytes", [])
TOPIC = "t.erp.attempts"


def bad(offset: int, partition: int = 1) -> Record:
    return Record("erp.attempts", partition, offset, 5, b"k", b"bytes", [])


class Transactions:
    """What stands in for Kafka's transactions: each commit is noted, fails, or is done and not known."""

    def __init__(self, fail: str = "") -> None:
        self.fail, self.opened, self.closed = fail, 0, 0
        self.written: list[tuple[list[Out], int]] = []

    def __call__(self, settings: Settings, own: str) -> Transactions:
        assert own == "t.erp.0"
        return self

    def open(self) -> None:
        self.opened += 1

    def close(self) -> None:
        self.closed += 1

    def commit(
        self, outs: list[Out], changed: list[Any], offsets: list[TopicPartition], member: Callable[[], Any]
    ) -> dict[int, int]:
        member()
        if self.fail != "lost":
            self.written.append((outs, offsets[0].offset))
        if self.fail:
            raise KafkaException(KafkaError(KafkaError._TIMED_OUT))
        return {}


class Group:
    """A consumer that knows what its group has committed."""

    def __init__(self, transactions: Transactions, member: str = "m") -> None:
        self._transactions, self._member = transactions, member

    def memberid(self) -> str:
        return self._member

    def consumer_group_metadata(self) -> str:
        return "epoch 3"

    def committed(self, parts: list[TopicPartition], within_s: float) -> list[TopicPartition]:
        at = max((offset for _, offset in self._transactions.written), default=0)
        return [TopicPartition(TOPIC, parts[0].partition, at)]


class Scene:
    def __init__(self, monkeypatch: pytest.MonkeyPatch, fail: str = "", member: str = "m") -> None:
        self.kafka = Transactions(fail)
        monkeypatch.setattr(module, "Transactor", self.kafka)
        monkeypatch.setattr(module, "AGAIN_S", 0.0)
        self.burials, self.group = Burials(Settings(environment="t"), "t.erp.0"), Group(self.kafka, member)
        self.offsets = Offsets()

    def read(self, *offsets: int, partition: int = 1) -> None:
        for offset in offsets:
            self.offsets.began(TP("erp.attempts", partition), offset)

    def turn(self) -> None:
        for burial in self.burials.due(self.offsets.is_first):
            self.burials.bury(burial, cast(Consumer, self.group))


def test_the_letter_and_the_offset_behind_its_record_are_one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(monkeypatch)
    scene.read(7)
    done = scene.burials.ask(bad(7), [LETTER])
    scene.turn()
    assert (done.done(), scene.kafka.written) == (True, [([LETTER], 8)])


def test_no_door_fences_its_slot_before_it_has_something_to_bury(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(monkeypatch)
    scene.turn()
    scene.burials.close()
    assert (scene.kafka.opened, scene.kafka.closed) == (0, 0)


def test_a_record_is_buried_when_all_before_it_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(monkeypatch)
    scene.read(6, 7, 8)
    done = scene.burials.ask(bad(7), [LETTER])
    scene.offsets.done(TP("erp.attempts", 1), 8)
    scene.turn()
    assert (done.done(), scene.kafka.written) == (False, [])
    scene.offsets.done(TP("erp.attempts", 1), 6)
    scene.turn()
    assert (done.done(), scene.kafka.written) == (True, [([LETTER], 8)])


def test_what_was_not_committed_is_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(monkeypatch, "lost")
    scene.read(7)
    done = scene.burials.ask(bad(7), [LETTER])
    scene.turn()
    assert (done.done(), scene.kafka.closed) == (False, 1)
    scene.kafka.fail = ""
    scene.turn()
    assert (done.done(), scene.kafka.opened, scene.kafka.written) == (True, 2, [([LETTER], 8)])


def test_what_was_committed_without_our_hearing_of_it_is_not_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(monkeypatch, "unheard")
    scene.read(7)
    done = scene.burials.ask(bad(7), [LETTER])
    scene.turn()
    assert not done.done()
    scene.turn()
    assert (done.done(), scene.kafka.written) == (True, [([LETTER], 8)])


def test_doubt_about_one_letter_is_not_forgotten_while_another_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(monkeypatch, "unheard")
    scene.read(7)
    scene.read(3, partition=0)
    first, second = scene.burials.ask(bad(7), [LETTER]), scene.burials.ask(bad(3, 0), [LETTER])
    scene.turn()
    scene.kafka.fail = ""
    scene.turn()
    assert (first.done(), second.done()) == (True, True)
    assert sorted(offset for _, offset in scene.kafka.written) == [4, 8]


def test_trouble_is_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(monkeypatch, "lost")
    monkeypatch.setattr(module, "AGAIN_S", 60.0)
    scene.read(7)
    scene.burials.ask(bad(7), [LETTER])
    scene.turn()
    scene.turn()
    assert scene.kafka.opened == 1


def test_who_is_no_member_any_more_buries_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(monkeypatch, member="")
    scene.read(7)
    done = scene.burials.ask(bad(7), [LETTER])
    scene.turn()
    assert (done.done(), scene.kafka.written) == (False, [])


def test_the_dead_of_a_partition_that_was_lost_are_its_next_owners(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(monkeypatch)
    scene.read(7)
    scene.read(3, partition=0)
    lost, kept = scene.burials.ask(bad(7), [LETTER]), scene.burials.ask(bad(3, 0), [LETTER])
    scene.burials.forget({TP("erp.attempts", 1)})
    scene.turn()
    assert (lost.cancelled(), kept.done(), kept.cancelled(), len(scene.kafka.written)) == (True, True, False, 1)


def test_after_the_end_nothing_is_buried_and_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(monkeypatch)
    scene.read(7, 8)
    before = scene.burials.ask(bad(7), [LETTER])
    scene.burials.close()
    after = scene.burials.ask(bad(8), [LETTER])
    scene.turn()
    assert (before.cancelled(), after.cancelled(), scene.kafka.written) == (True, True, [])


def test_a_burial_that_nobody_waits_for_any_more_ends_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(monkeypatch)
    burial = Burial(bad(7), [LETTER])
    burial.done.cancel()
    scene.burials.bury(burial, cast(Consumer, scene.group))
    assert scene.kafka.written == [([LETTER], 8)]
