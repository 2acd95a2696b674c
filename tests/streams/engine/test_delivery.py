"""A projection's writes, and what happens when its read model is empty: a source and a broker that only note."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from streams.engine.delivery import Delivery
from streams.engine.records import TP
from streams.engine.source import Source
from streams.engine.tail import Watermarks
from tables.write import SinkAway, SinkBehind, SinkEmptied, Write

PARTS = {TP("orders.events", number): 7 for number in range(12)}
WRITES = [Write("k", "", b"v", 1)]


@dataclass
class NotedSource:
    """What was asked of a consumer."""

    position: dict[TP, int] = field(default_factory=lambda: dict(PARTS))
    ended: dict[TP, int] = field(default_factory=dict)
    started: list[Mapping[TP, int]] = field(default_factory=list)
    paused: list[set[TP]] = field(default_factory=list)

    def start_at(self, offsets: Mapping[TP, int]) -> None:
        self.started.append(offsets)

    def pause(self, tps: set[TP]) -> None:
        self.paused.append(tps)

    def rewind(self, tps: set[TP]) -> None:
        assert self.paused[-1] == tps


@dataclass
class NotedMarks:
    """What was asked of a broker, whose partitions begin at 3."""

    asked: list[set[TP]] = field(default_factory=list)

    def lows(self, tps: Iterable[TP]) -> dict[TP, int]:
        self.asked.append(set(tps))
        return dict.fromkeys(self.asked[-1], 3)

    def highs(self, tps: Iterable[TP], *, committed: bool = False) -> dict[TP, int]:
        return dict.fromkeys(tps, 7)


class Moody:
    """A sink that raises what it was given."""

    def __init__(self, why: Exception | None = None) -> None:
        self.why = why

    def write(self, writes: Sequence[Write]) -> None:
        if self.why and not isinstance(self.why, SinkBehind):
            raise self.why

    def moved(self, spans: Mapping[tuple[str, int], tuple[int, int]]) -> None:
        if isinstance(self.why, SinkBehind):
            raise self.why

    def caught_up(self, marks: Mapping[tuple[str, int], int]) -> None:
        if self.why:
            raise self.why


def told(sink: Moody, source: NotedSource, marks: NotedMarks, what: str) -> Any:
    delivery, consumer, broker = Delivery(sink), cast(Source, source), cast(Watermarks, marks)
    if what == "write":
        return delivery.write(list(WRITES), {tp: at + 1 for tp, at in PARTS.items()}, consumer, broker)
    return delivery.mark(consumer, broker, {})


@pytest.mark.parametrize("what", ["write", "mark"])
def test_an_emptied_sink_is_projected_from_the_beginning_which_is_asked_of_all_partitions_at_once(what: str) -> None:
    source, marks = NotedSource(), NotedMarks()
    assert not told(Moody(SinkEmptied("empty")), source, marks, what)
    assert (source.started, marks.asked) == ([dict.fromkeys(PARTS, 3)], [set(PARTS)])


@pytest.mark.parametrize("what", ["write", "mark"])
def test_a_sink_that_knows_of_less_is_projected_from_there_and_not_from_the_beginning(what: str) -> None:
    source, marks = NotedSource(), NotedMarks()
    assert not told(Moody(SinkBehind({("orders.events", 3): 5})), source, marks, what)
    assert (source.started, marks.asked[1:]) == ([{TP("orders.events", 3): 5}], [])


def test_a_sink_that_is_away_holds_its_partitions_and_begins_nothing_anew() -> None:
    source = NotedSource()
    assert told(Moody(SinkAway("away")), source, NotedMarks(), "write") is False
    assert (source.paused, source.started) == ([set(PARTS)], [])


def test_a_sink_that_takes_all_lets_the_work_go_on() -> None:
    assert told(Moody(), NotedSource(), NotedMarks(), "write") is True
