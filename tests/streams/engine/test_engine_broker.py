"""The engine on the embedded broker: wiring, timers, references, sinks, crash loops."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import Counter

from ops.embedded.broker import Broker
from ops.embedded.child import Child
from schemas import wire
from schemas.envelope import derived_id, from_headers
from schemas.generated.feeds_v1 import DeliveryAttempt, delivery_attempt
from schemas.generated.reference_v1 import location
from schemas.settings import Settings
from streams.engine import flood, metrics
from streams.engine.agent import Agent, Batch
from streams.engine.effects import Ask, Decide, Effects, Message
from streams.engine.health import Stage
from tables.rows import Rows
from tables.write import Sink, SinkAway, SinkEmptied, Write
from tests.streams.engine.bay import Bay
from tests.streams.engine.harbour import until
from tests.streams.engine.toy import append, toy

pytestmark = [pytest.mark.broker, pytest.mark.timeout(120)]
TOPICS = (
    "feeds.commands",
    "feeds.commands.dead",
    "channels.feed",
    "inventory.availability",
    "toy-changelog",
    "reference.locations",
)


@pytest.fixture
def bay(broker: Broker, environment: str, tmp_path: Path) -> Bay:
    return Bay(broker.bootstrap, environment, tmp_path, *TOPICS)


def count(key: str = "a", kind: str = "count", data: bytes = b"") -> tuple[str, str, Any]:
    return ("feed.append", key, append(kind, data))


def numbers(bay: Bay, entries: int) -> list[int]:
    return [wire.decode(record.value or b"")[1]["seq"] for record in bay.wait_for("channels.feed", entries)]


def stateless(decide: Decide, **options: Any) -> Agent:
    def body(batch: Batch) -> None:
        batch.decide(decide)

    return Agent("reader", ("feeds.commands",), body, **options)


def test_commands_are_decided_in_order_and_counted_on_after_a_restart(bay: Bay) -> None:
    with bay.running(toy):
        bay.send(*[count()] * 5)
        assert numbers(bay, 5) == [1, 2, 3, 4, 5]
    with bay.running(toy):
        bay.send(*[count()] * 2)
        assert numbers(bay, 7)[5:] == [6, 7]
    assert bay.fatal == []


def test_a_timer_is_published_when_it_is_due(bay: Bay) -> None:
    with bay.running(toy):
        (cause,) = bay.send(count(kind="remind", data=b"300"))
        bay.wait_for("channels.feed", 2)
    fired = from_headers(bay.read("feeds.commands")[-1].headers)
    assert (fired.id, fired.type) == (derived_id(cause, "toy", "timer/reminder", 0), "feed.due")


def test_what_cannot_be_decided_is_dead_and_the_rest_goes_on(bay: Bay) -> None:
    with bay.running(toy):
        bay.send(count(), count(kind="boom"), count())
        bay.put("feeds.commands", b"acme|a", b"junk", [])
        assert numbers(bay, 2) == [1, 2]
        letters = bay.wait_for("feeds.commands.dead", 2)
    assert [dict(letter.headers)["dead_kind"] for letter in letters] == [b"undecidable", b"undecodable"]


def test_the_metrics_count_what_the_log_holds(bay: Bay) -> None:
    def total(counter: Counter) -> float:
        return sum(
            sample.value for metric in counter.collect() for sample in metric.samples if sample.name.endswith("_total")
        )

    counters = (metrics.DECIDED, metrics.PUBLISHED, metrics.DEAD, metrics.TIMERS)
    before = [total(counter) for counter in counters]
    with bay.running(toy):
        bay.send(count(), count(kind="boom"), count(kind="remind", data=b"10"))
        bay.wait_for("channels.feed", 3)
        until(lambda: total(metrics.DECIDED) - before[0] == 4)
    assert [total(counter) - earlier for counter, earlier in zip(counters, before, strict=True)] == [4, 8, 1, 1]


def test_a_mailbox_that_dies_as_a_whole_stops_the_engine_and_is_kept(bay: Bay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flood, "MOST", 3)
    bay.send(*[count(kind="boom")] * 5)
    with bay.running(toy) as engine:
        until(lambda: bay.fatal)
        assert engine.health.stage is Stage.FAILED
    assert [type(why).__name__ for why in bay.fatal] == ["TooManyDead"]
    assert len(bay.read("feeds.commands.dead")) <= 3


def test_an_engine_says_that_it_runs_and_what_it_owns(bay: Bay) -> None:
    with bay.running(toy) as engine:
        until(lambda: engine.health.ready() and len(engine.health.owned) == 4)
        assert engine.health.problems() == []
    assert engine.health.stage is Stage.STOPPED


def attempt_about(known: str) -> DeliveryAttempt:
    return delivery_attempt(
        attempt_id="", channel=known, view="", seq=0, attempt=1, url="", webhook_id="", body=b"", deadline=0
    )


def test_whoever_was_told_that_a_reference_stands_sees_it_used(bay: Bay) -> None:
    def decide(message: Message, rows: Rows) -> Effects:
        known = ",".join(name for name, _ in rows.scan("locations|"))
        return Effects(asks=(Ask("feed.attempt", "k", attempt_about(known)),))

    with bay.running(stateless(decide, references=("reference.locations",))):
        for number in range(3):
            bay.send(("reference.location", f"W{number}", location(code=f"W{number}")), count())
            bay.wait_for("feeds.attempts", number + 1)
    assert _asked(bay) == ["locations|W0", "locations|W0,locations|W1", "locations|W0,locations|W1,locations|W2"]


def _asked(bay: Bay) -> list[str]:
    found = [wire.decode(record.value or b"")[1] for record in bay.read("feeds.attempts")]
    return [record["channel"] for record in found]


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


def environment_of(bay: Bay) -> dict[str, str]:
    told = {"KAFKA": bay.settings.kafka, "ENVIRONMENT": bay.settings.environment, "EMBEDDED": "true",
            "STATE_DIR": str(bay.settings.state_dir)}  # fmt: skip
    return {**os.environ, **{f"WHARF_{name}": value for name, value in told.items()}}


def test_it_is_a_faust_app_that_fausts_own_command_line_runs(bay: Bay, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "faust", "-A", "tests.streams.engine.toy", "worker", "--without-web", "-l", "warn"]
    worker = Child(command, tmp_path / "faust.log", environment_of(bay))
    try:
        bay.send(count())
        assert numbers(bay, 1) == [1]
    finally:
        worker.stop()
    assert worker.process.returncode == 0
