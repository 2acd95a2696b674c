"""How far a restore is, and when it will be done."""

from __future__ import annotations

from streams.engine.progress import TOLD_S, Progress, Told
from streams.engine.records import TP

A, B = TP("toy-changelog", 0), TP("toy-changelog", 1)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_what_is_left_takes_as_long_as_what_is_done_took_in_proportion() -> None:
    clock = Clock()
    progress = Progress({A: 0, B: 100}, {A: 300, B: 200}, clock)
    clock.now += 2.0
    assert progress.look({A: 100, B: 100}) == Told(done=100, of=400, per_s=50, eta_s=6)


def test_a_store_that_was_nearly_there_has_little_to_read() -> None:
    progress = Progress({A: 990}, {A: 1000}, Clock())
    assert progress.look({A: 990}).of == 10


def test_before_anything_is_read_nobody_knows_when_it_ends() -> None:
    assert Progress({A: 0}, {A: 10}, Clock()).look({A: 0}).eta_s is None


def test_markers_behind_the_end_are_no_progress_beyond_it() -> None:
    clock = Clock()
    progress = Progress({A: 0}, {A: 10}, clock)
    clock.now += 1
    assert progress.look({A: 15}) == Told(done=10, of=10, per_s=10, eta_s=0)


def test_operators_hear_of_it_now_and_then() -> None:
    clock = Clock()
    progress = Progress({A: 0}, {A: 10}, clock)
    heard = []
    for _ in range(12):
        clock.now += 1.0
        heard.append(progress.is_time())
    assert (heard.count(True), TOLD_S) == (2, 5.0)
