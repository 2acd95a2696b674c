"""When a program that ended is started again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ops.backoff import FIRST_S, GOOD_S, MOST_S, Backoff

runs = st.lists(st.floats(0, 100), max_size=40)


def test_the_first_restart_comes_soon() -> None:
    assert Backoff().pause(0.1) == FIRST_S


def test_each_short_run_doubles_the_pause() -> None:
    backoff = Backoff()
    assert [backoff.pause(0.1) for _ in range(3)] == [FIRST_S, 2 * FIRST_S, 4 * FIRST_S]


def test_a_good_run_is_a_new_beginning() -> None:
    backoff = Backoff()
    for _ in range(5):
        backoff.pause(0.1)
    assert backoff.pause(GOOD_S) == FIRST_S


@given(runs)
def test_no_pause_is_shorter_than_the_first_or_longer_than_the_longest(ran: list[float]) -> None:
    backoff = Backoff()
    assert all(FIRST_S <= backoff.pause(one) <= MOST_S for one in ran)
