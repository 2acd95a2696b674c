"""The engine on the embedded broker: wiring, timers, references, crash loops."""

from __future__ import annotations

import os
import sys
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
from streams.engine import flood, metrics
from streams.engine.agent import Agent, Batch
from streams.engine.effects import Ask, Decide, Effects, Message
from streams.engine.health import Stage
from tables.rows import Rows
from tests.streams.engine.bay import Bay
from tests.streams.engine.harbour import until
from tests.streams.engine.toy import LEVELS, append, toy

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
    said = [total(counter) - earlier for counter, earlier in zip(counters, before, strict=True)]
    levels = len(bay.read(LEVELS))  # one fewer where two of a key were decided in one batch
    assert levels in {2, 3}
    entries, fired, letters = 3, 1, 1
    assert said == [4, entries + levels + fired + letters, 1, 1]


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
