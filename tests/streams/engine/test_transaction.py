"""A transaction's calls, in their order: told by a stand-in for librdkafka's producer, whose answers a broker would give."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from confluent_kafka import TIMESTAMP_LOG_APPEND_TIME, KafkaError, KafkaException, TopicPartition

from schemas.settings import Settings
from streams.engine import transaction
from streams.engine.clock import BrokerClock
from streams.engine.records import Out
from streams.engine.source import Doubt
from streams.engine.transaction import Changed, Transactor

OFFSETS = [TopicPartition("t.orders.commands", 0, 7)]
OUT = Out("orders.events", b"acme|o", b"fact", [])
ROWS = Changed("orders-changelog", 3, {b"a": b"1", b"b": None})


class Delivered:
    """A delivery report's message."""

    def __init__(self, stamp: int = 0) -> None:
        self._stamp = stamp

    def offset(self) -> int:
        return 41

    def timestamp(self) -> tuple[int, int]:
        return TIMESTAMP_LOG_APPEND_TIME, self._stamp


class Line:
    """Notes every call; `fails` names the one that raises."""

    def __init__(self, fails: str = "", mute: bool = False) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.stamp = 0  # what the broker puts on a mailbox's records
        self.fails, self.mute = fails, mute
        self._reports: list[Callable[[Any, Any], None]] = []

    def __call__(self, config: Any) -> Line:
        return self

    def init_transactions(self, timeout: float) -> None:
        self._note("init")

    def begin_transaction(self) -> None:
        self._note("begin")

    def produce(self, topic: str, value: Any, key: Any, partition: int, **options: Any) -> None:
        self._note("produce", topic, key, partition)
        self._reports += [options["on_delivery"]] if "on_delivery" in options else []

    def send_offsets_to_transaction(self, offsets: Any, member: Any, timeout: float) -> None:
        self._note("offsets", offsets[0].offset, member)

    def flush(self, timeout: float) -> int:
        self._note("flush")
        reports, self._reports = self._reports, []
        for report in reports:
            report(None, Delivered(self.stamp))
        return 0

    def commit_transaction(self, timeout: float) -> None:
        self._note("commit")
        for report in [] if self.mute else self._reports:
            report(None, Delivered())

    def abort_transaction(self, timeout: float) -> None:
        self._note("abort")

    def poll(self, timeout: float) -> int:
        return 0

    def purge(self) -> None:
        self._note("purge")

    def _note(self, *call: Any) -> None:
        self.calls.append(call)
        if call[0] == self.fails:
            raise KafkaException(KafkaError(KafkaError._TIMED_OUT))


def transactor(monkeypatch: pytest.MonkeyPatch, line: Line) -> Transactor:
    monkeypatch.setattr(transaction, "Producer", line)
    return Transactor(Settings(environment="t"), "t.orders.0")


def names(line: Line) -> list[str]:
    return [call[0] for call in line.calls]


def test_all_of_a_batch_and_its_offsets_are_one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line()
    logged = transactor(monkeypatch, line).commit([OUT], [ROWS], OFFSETS, lambda: "me")
    assert line.calls == [
        ("begin",),
        ("produce", "t.orders.events", b"acme|o", -1),
        ("produce", "t.orders-changelog", b"a", 3),
        ("produce", "t.orders-changelog", b"b", 3),
        ("offsets", 7, "me"),
        ("commit",),
    ]
    assert logged == {3: 42}


@pytest.mark.parametrize("call", ["begin", "produce", "offsets", "commit"])
def test_whatever_is_in_doubt_is_raised_and_not_settled_with_this_producer(
    monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    line = Line(fails=call)
    with pytest.raises(KafkaException):
        transactor(monkeypatch, line).commit([OUT], [ROWS], OFFSETS, lambda: "me")
    assert names(line)[-1] == call
    assert "abort" not in names(line)


def test_who_we_are_is_asked_at_every_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    line, members = Line(), iter(["first", "second"])
    ours = transactor(monkeypatch, line)
    for _ in range(2):
        ours.commit([OUT], [], OFFSETS, lambda: next(members))
    assert [call[2] for call in line.calls if call[0] == "offsets"] == ["first", "second"]


def test_nothing_is_committed_by_one_who_is_no_member_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line()

    def gone() -> Any:
        raise Doubt("no longer a member")

    with pytest.raises(Doubt):
        transactor(monkeypatch, line).commit([OUT], [ROWS], OFFSETS, gone)
    assert not {"offsets", "commit"} & set(names(line))


def test_a_commit_that_does_not_say_where_its_rows_stand_is_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line(mute=True)
    with pytest.raises(Doubt, match="not known"):
        transactor(monkeypatch, line).commit([], [ROWS], OFFSETS, lambda: "me")
    assert names(line)[-1] == "commit"


def fired(monkeypatch: pytest.MonkeyPatch, *, ahead_s: float) -> tuple[Line, Transactor]:
    """A timer's transaction on a machine whose clock is so far ahead of the broker's, which says 10:00:00 sharp."""
    line, clock = Line(), BrokerClock(lambda: 36_000.0 + ahead_s, lambda: 50.0)
    line.stamp = 36_000_000
    monkeypatch.setattr(transaction, "Producer", line)
    return line, Transactor(Settings(environment="t"), "t.orders.0", clock)


def test_a_timer_that_is_not_due_by_the_brokers_clock_does_not_fire(monkeypatch: pytest.MonkeyPatch) -> None:
    line, ours = fired(monkeypatch, ahead_s=300)
    with pytest.raises(Doubt, match="s ahead"):
        ours.commit([OUT], [], OFFSETS, lambda: "me", fired=True)
    assert names(line) == ["begin", "produce", "flush"]


@pytest.mark.parametrize("ahead_s", [0.0, 0.2, -300.0])
def test_one_that_is_due_fires_and_the_broker_is_not_asked_again_soon(
    monkeypatch: pytest.MonkeyPatch, ahead_s: float
) -> None:
    line, ours = fired(monkeypatch, ahead_s=ahead_s)
    for _ in range(2):
        ours.commit([OUT], [], OFFSETS, lambda: "me", fired=True)
    assert names(line) == ["begin", "produce", "flush", "offsets", "commit", "begin", "produce", "offsets", "commit"]


def test_closing_drops_what_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line()
    transactor(monkeypatch, line).close()
    assert names(line) == ["purge"]


def test_opening_fences_whoever_had_the_id(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line()
    transactor(monkeypatch, line).open()
    assert names(line) == ["init"]
