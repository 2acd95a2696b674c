"""How many records one transaction takes."""

from __future__ import annotations

from streams.engine.pace import FEWEST, MOST, Pace


def test_a_slow_batch_halves_the_next() -> None:
    pace = Pace()
    before = pace.limit
    pace.took(1.5, 10)
    assert pace.limit == before // 2


def test_it_never_gets_smaller_than_a_handful() -> None:
    pace = Pace()
    for _ in range(20):
        pace.took(9.0, 10)
    assert pace.limit == FEWEST


def test_quick_full_batches_let_it_grow_up_to_a_bound() -> None:
    pace = Pace()
    for _ in range(20):
        pace.took(0.1, pace.limit)
    assert pace.limit == MOST


def test_quick_batches_that_were_not_full_say_nothing() -> None:
    pace = Pace()
    before = pace.limit
    pace.took(0.001, 5)
    assert pace.limit == before


def test_slow_commits_do_not_make_batches_smaller_or_a_slow_broker_would_get_ever_more_of_them() -> None:
    pace = Pace()
    for _ in range(20):
        pace.took(0.02, pace.limit, committing_s=1.1)
    assert pace.limit == MOST


def test_a_commit_that_comes_near_its_time_out_does() -> None:
    pace = Pace()
    before = pace.limit
    pace.took(0.02, pace.limit, committing_s=5.0)
    assert pace.limit == before // 2
