"""The engine on the embedded broker with a sink: away, emptied, and how far it is filled."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from ops.embedded.broker import Broker
from schemas.settings import Settings
from streams.engine.agent import Agent
from streams.engine.effects import Effects, Message
from streams.engine.transaction import Transactor
from tables.rows import Rows
from tables.write import Sink, SinkAway, SinkEmptied, Write
from tests.streams.engine.bay import Bay
from tests.streams.engine.harbour import until
from tests.streams.engine.test_engine_broker import count, stateless

pytestmark = [pytest.mark.broker, pytest.mark.timeout(120)]


@pytest.fixture
def bay(broker: Broker, environment: str, tmp_path: Path) -> Bay:
    return Bay(broker.bootstrap, environment, tmp_path, "feeds.commands", "feeds.commands.dead")


class Shelf:
    """A sink that can go away, lose everything, and remembers what it was told."""

    def __init__(self) -> None:
        self.away, self.emptied = threading.Event(), threading.Event()
        self.tries = 0
        self.taken: list[str] = []
        self.marks: dict[tuple[str, int], int] = {}

    def write(self, writes: Sequence[Write]) -> None:
        self.tries += 1
        if self.away.is_set():
            raise SinkAway("connection refused")
        if self.emptied.is_set():
            self.emptied.clear()
            raise SinkEmptied
        self.taken += [write.key for write in writes]

    def moved(self, spans: Mapping[tuple[str, int], tuple[int, int]]) -> None:
        """It forgets nothing."""

    def caught_up(self, marks: Mapping[tuple[str, int], int]) -> None:
        self.marks = dict(marks)


def projection(shelf: Shelf) -> Agent:
    def decide(message: Message, rows: Rows) -> Effects:
        if message.key == "bad":
            raise ValueError("bad")
        return Effects(writes=(Write(message.key, 1, b"x"),))

    def sink(settings: Settings) -> Sink:
        return shelf

    return stateless(decide, sink=sink)


def test_while_the_sink_is_away_the_same_records_are_tried_again_and_nothing_is_lost(bay: Bay) -> None:
    shelf = Shelf()
    shelf.away.set()
    with bay.running(projection(shelf)) as engine:
        bay.send(count("a"), count("b"))
        until(lambda: shelf.tries >= 3)
        assert shelf.taken == []
        assert engine.health.problems() == []
        shelf.away.clear()
        until(lambda: sorted(set(shelf.taken)) == ["a", "b"])
    assert bay.fatal == []


def test_what_was_taken_is_committed_and_not_written_again_after_a_restart(bay: Bay) -> None:
    first, second = Shelf(), Shelf()
    with bay.running(projection(first)):
        bay.send(count("a"))
        until(lambda: first.taken == ["a"])
    with bay.running(projection(second)):
        bay.send(count("b"))
        until(lambda: second.taken)
    assert second.taken == ["b"]


def test_a_sink_that_lost_everything_is_filled_from_the_beginning(bay: Bay) -> None:
    shelf = Shelf()
    with bay.running(projection(shelf)):
        bay.send(count("a"), count("b"))
        until(lambda: len(shelf.taken) == 2)
        shelf.taken.clear()
        shelf.emptied.set()
        bay.send(count("c"))
        until(lambda: sorted(set(shelf.taken)) == ["a", "b", "c"])
    assert len(shelf.taken) == 3


def test_what_is_projected_again_is_not_dead_again_and_moves_no_offset_back(bay: Bay) -> None:
    shelf = Shelf()
    with bay.running(projection(shelf)):
        bay.send(count("a"), count("bad"))
        until(lambda: shelf.taken == ["a"])
        bay.wait_for("feeds.commands.dead", 1)
        shelf.emptied.set()
        bay.send(count("b"))
        until(lambda: sorted(shelf.taken) == ["a", "a", "b"])
    again = Shelf()
    with bay.running(projection(again)):
        bay.send(count("c"))
        until(lambda: again.taken)
    assert again.taken == ["c"]
    assert len(bay.read("feeds.commands.dead")) == 1


def test_the_sink_hears_up_to_when_it_is_caught_up_also_while_nothing_happens(bay: Bay) -> None:
    shelf = Shelf()
    with bay.running(projection(shelf)):
        until(lambda: len(shelf.marks) == 4)
        earlier = dict(shelf.marks)
        until(lambda: all(shelf.marks[tp] > at for tp, at in earlier.items()))
    assert {topic for topic, _ in shelf.marks} == {"feeds.commands"}


def test_what_says_nothing_commits_its_offsets_without_a_transaction(bay: Bay, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[object] = []
    monkeypatch.setattr(Transactor, "commit", lambda _, *said: begun.append(said) or {})
    shelf, later = Shelf(), Shelf()
    with bay.running(projection(shelf)):
        bay.send(count("a"), count("b"))
        until(lambda: sorted(shelf.taken) == ["a", "b"])
    with bay.running(projection(later)):
        bay.send(count("c"))
        until(lambda: later.taken == ["c"])  # it reads on from what was committed
    assert begun == []
