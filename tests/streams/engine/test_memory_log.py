"""The log in memory keeps the broker's part of the contract: offsets, and what a read_committed reader sees."""

from __future__ import annotations

from streams.engine.memory_log import MemoryLog
from streams.engine.records import TP, Out, Record

MAILBOX, FACTS = TP("orders.commands", 0), TP("orders.events", 0)


def out(tp: TP, name: str, timestamp: int = 5) -> Out:
    return Out(tp.topic, name.encode(), b"x", [], timestamp)


def keys(records: list[Record]) -> list[bytes | None]:
    return [record.key for record in records]


def test_an_aborted_record_has_an_offset_and_is_never_read() -> None:
    log = MemoryLog()
    log.append(out(MAILBOX, "a"), 1)
    log.abort([out(MAILBOX, "lost")])
    assert log.append(out(MAILBOX, "b"), 2).offset == 2
    assert keys(log.read(MAILBOX, 0, 10)[0]) == [b"a", b"b"]


def test_reading_goes_on_behind_what_nobody_may_see() -> None:
    log = MemoryLog()
    log.abort([out(MAILBOX, "lost")] * 3)
    assert log.read(MAILBOX, 0, 10) == ([], 3)
    assert log.behind(["orders.commands"], {MAILBOX: 3}) == []


def test_a_marker_has_an_offset_too() -> None:
    log = MemoryLog()
    log.append(out(MAILBOX, "a"), 1)
    log.mark(MAILBOX)
    assert log.append(out(MAILBOX, "b"), 2).offset == 2


def test_what_is_held_is_read_when_its_marker_has_come_and_nothing_behind_it_before() -> None:
    log = MemoryLog()
    log.append(out(FACTS, "a"), 1)
    log.hold(FACTS, 0, turns=2)
    log.append(out(FACTS, "b"), 1)
    assert (log.read(FACTS, 0, 10), log.end(FACTS), log.length(FACTS)) == (([], 0), 0, 2)
    assert [log.pass_turn(), log.end(FACTS), log.pass_turn(), log.end(FACTS), log.pass_turn()] == [
        True,
        0,
        True,
        2,
        False,
    ]
    assert keys(log.read(FACTS, 0, 10)[0]) == [b"a", b"b"]


def test_two_markers_under_way_hold_from_the_earlier_on_until_the_later_has_come() -> None:
    log = MemoryLog()
    for name in "abc":
        log.append(out(FACTS, name), 1)
    log.hold(FACTS, 2, turns=1)
    log.hold(FACTS, 1, turns=3)
    assert (log.end(FACTS), log.held[FACTS].turns) == (1, 3)


def test_a_takeover_waits_for_what_is_under_way() -> None:
    log = MemoryLog()
    log.append(out(FACTS, "a"), 1)
    log.hold(FACTS, 0, turns=9)
    log.settle(FACTS)
    assert keys(log.read(FACTS, 0, 10)[0]) == [b"a"]


def test_a_mailbox_has_the_brokers_times_and_other_topics_their_producers() -> None:
    log = MemoryLog()
    assert log.append(out(MAILBOX, "a"), 9).timestamp == 9
    assert log.append(out(FACTS, "a"), 9).timestamp == 5


def test_whoever_saw_all_hears_of_every_change() -> None:
    log = MemoryLog()
    seen = [log.changes]
    log.append(out(FACTS, "a"), 1)
    seen.append(log.changes)
    log.hold(FACTS, 0, turns=1)
    log.pass_turn()
    seen.append(log.changes)
    assert len(set(seen)) == 3
