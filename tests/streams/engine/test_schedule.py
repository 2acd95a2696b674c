"""Schedules: nothing is drawn without a seed, everything is the same again with one."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from streams.engine.schedule import BATCH, CALM, HURRY_MS, LONGEST, ROUGH, Faults, Schedule

ALWAYS = Faults(**dict.fromkeys(asdict(ROUGH), 1.0))


def told(schedule: Schedule) -> list[object]:
    return [
        schedule.shuffled(list("abcdef")), schedule.batch(99), schedule.pause(), schedule.passing_ms(), schedule.happens("lost"),
        schedule.hurries(1),
    ]  # fmt: skip


def test_without_a_seed_all_goes_in_turn_and_nothing_goes_wrong() -> None:
    assert told(Schedule(None, ALWAYS)) == [list("abcdef"), 99, 0, 0, False, False]


@pytest.mark.parametrize("seed", range(5))
def test_the_same_seed_draws_the_same(seed: int) -> None:
    first, again = Schedule(seed, ROUGH), Schedule(seed, ROUGH)
    assert [told(first) for _ in range(20)] == [told(again) for _ in range(20)]


def test_what_happened_is_counted_by_name() -> None:
    schedule = Schedule(1, ALWAYS)
    assert all(schedule.happens(fault) for fault in ("lost", "torn", "torn"))
    assert schedule.done == {"lost": 1, "torn": 2}


def test_a_healed_schedule_still_draws_order_but_no_fault() -> None:
    schedule = Schedule(1, ALWAYS)
    schedule.heal()
    assert not any(schedule.happens(fault) for fault in asdict(CALM))
    assert 1 <= schedule.batch(99) <= BATCH


def test_pauses_and_jumps_of_time_are_bounded() -> None:
    schedule = Schedule(1, ALWAYS)
    assert {schedule.pause() for _ in range(300)} == set(range(1, LONGEST + 1))
    assert (schedule.hurries(HURRY_MS), schedule.hurries(HURRY_MS + 1)) == (True, False)
