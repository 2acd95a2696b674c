"""Many dead letters at once stop the agent."""

from __future__ import annotations

import pytest

from streams.engine.flood import MOST, WINDOW_S, Flood, TooManyDead


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_mailbox_that_dies_as_a_whole_stops_the_agent() -> None:
    flood = Flood()
    flood.note(MOST, MOST)
    with pytest.raises(TooManyDead, match="could not be decided"):
        flood.note(1, 1)


def test_many_dead_among_more_that_live_are_data() -> None:
    flood = Flood()
    for _ in range(10):
        flood.note(MOST, 3 * MOST)
    assert len(flood._lately) == 10


def test_a_few_dead_are_data_even_alone() -> None:
    flood = Flood()
    flood.note(MOST, MOST)
    assert len(flood._lately) == 1


def test_what_died_long_ago_is_forgotten() -> None:
    clock = Clock()
    flood = Flood(clock)
    flood.note(MOST, MOST)
    clock.now = WINDOW_S + 1
    flood.note(MOST, MOST)
    assert len(flood._lately) == 1
