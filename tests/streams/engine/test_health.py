"""Healthy means: made progress or had nothing to do. Never: the process answers."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from streams.engine import health as health_module
from streams.engine.health import Health, Limits, Stage, problems, ready, register, stuck
from streams.engine.records import TP
from streams.engine.watchdog import Watchdog

T = TP("orders.commands", 3)


def running(**change: object) -> Health:
    made = Health("toy", Limits(turn=10, transaction=10, progress=10, takeover=10, starting=10))
    made.enter(Stage.RUNNING)
    for name, value in change.items():
        setattr(made, name, value)
    return made


def after(seconds: float, made: Health) -> list[str]:
    return made.problems(time.monotonic() + seconds)


def test_an_engine_that_turns_and_has_nothing_to_do_is_healthy() -> None:
    made = running()
    made.beat = time.monotonic() + 1000
    assert after(1000, made) == []
    assert made.ready()


def test_an_engine_that_does_not_turn_is_not() -> None:
    assert after(11, running()) == ["toy: no turn of the engine for 11 s"]


def test_a_partition_with_records_and_without_progress_is_named() -> None:
    now = time.monotonic()
    made = running(waiting={T: now}, beat=now + 100)
    assert after(11, made) == ["toy: no progress in orders.commands/3 for 11 s"]


def test_a_partition_that_stands_still_is_told_with_its_time_long_before_that_is_unhealthy() -> None:
    now = time.monotonic()
    made = running(waiting={T: now - 7, TP("orders.commands", 4): now - 1}, beat=now)
    (found,) = made.standing_still(now)
    assert (found.agent, found.topic, found.partition, found.seconds) == ("toy", "orders.commands", 3, 7)
    since = datetime.fromisoformat(found.since)
    assert timedelta(seconds=5) < datetime.now(UTC) - since < timedelta(seconds=20)
    assert made.problems(now) == []


def test_a_decision_that_never_returns_is_told_with_its_partition() -> None:
    now = time.monotonic()
    made = running(deciding=(T, now), beat=now + 100)
    assert [found.partition for found in made.standing_still(now + 9)] == [3]
    assert after(12, made) == ["toy: deciding orders.commands/3 for 12 s"]


@pytest.mark.parametrize(
    ("field", "words"), [("transaction", "a transaction open"), ("takeover", "partitions being taken over")]
)
def test_what_takes_too_long_is_named(field: str, words: str) -> None:
    now = time.monotonic()
    made = running(**{field: now, "beat": now + 100})
    assert after(9, made) == []
    assert after(12, made) == [f"toy: {words} for 12 s"]


def test_a_takeover_under_way_is_healthy_and_not_ready() -> None:
    made = running(takeover=time.monotonic())
    assert (made.problems(), made.ready()) == ([], False)


def test_an_engine_that_recovers_for_too_long_says_why() -> None:
    made = running()
    made.enter(Stage.RECOVERING, "KafkaException(timed out)")
    assert not made.ready()
    assert after(11, made) == ["toy: recovering (KafkaException(timed out)) for 11 s"]


def test_an_engine_that_recovers_again_and_again_has_recovered_since_the_first_time() -> None:
    made = running()
    made.enter(Stage.RECOVERING, "one")
    since = made.since
    made.enter(Stage.RECOVERING, "two")
    assert (made.since, made.failure) == (since, "two")


def test_a_process_that_waits_for_others_is_not_ended_for_it() -> None:
    now = time.monotonic()
    away = running(takeover=now)
    away.enter(Stage.RECOVERING, "the broker is away")
    assert len(after(100, away)) == 2
    assert away.stuck(now + 100) == []


def test_a_process_that_is_stuck_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_module, "HEALTH", {})
    made = register(running())
    made.beat -= 100
    assert stuck() == problems() == ["toy: no turn of the engine for 100 s"]


def test_an_engine_that_failed_is_unhealthy_at_once() -> None:
    made = running()
    made.enter(Stage.FAILED, "OffsetsLost()")
    assert made.problems() == ["toy: failed: OffsetsLost() for 0 s"]


def test_a_process_is_ready_when_each_of_its_engines_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_module, "HEALTH", {})
    register(running())
    assert (ready(), problems()) == (True, [])
    failed = register(Health("other"))
    failed.enter(Stage.FAILED, "x")
    assert (ready(), problems()) == (False, ["other: failed: x for 0 s"])


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def watched(answers: list[list[str]]) -> list[float]:
    """When the watchdog has left, asked once a second with a grace of three."""
    clock, left = Clock(), list[float]()
    dog = Watchdog(lambda: answers.pop(0), grace_s=3, leave=lambda: left.append(clock.now), clock=clock)
    while answers and not left:
        dog.look()
        clock.now += 1
    return left


def test_a_process_that_stays_unhealthy_ends_after_the_grace() -> None:
    assert watched([["stuck"]] * 10) == [3]


def test_a_process_that_recovers_in_time_lives_on() -> None:
    assert watched([["stuck"], ["stuck"], ["stuck"], [], ["stuck"], ["stuck"], []]) == []


def test_a_healthy_process_is_left_alone() -> None:
    assert watched([[]] * 20) == []
