"""Calls that may never come back, bounded from outside."""

from __future__ import annotations

import threading

import pytest

from streams.engine import bounded
from streams.engine.bounded import Bounded, Overdue, TooManyLeft, refuse_too_many


@pytest.fixture(autouse=True)
def nothing_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Bounded, "left", 0)


def test_calls_are_made_one_after_the_other_on_one_thread() -> None:
    calls, threads = Bounded("t"), list[int]()
    for _ in range(3):
        calls.run(lambda: threads.append(threading.get_ident()), 5)
    calls.close()
    assert len(threads) == 3
    assert set(threads) != {threading.get_ident()}
    assert len(set(threads)) == 1


def test_what_a_call_raises_is_raised_to_who_asked() -> None:
    calls = Bounded("t")

    def fails() -> None:
        raise ConnectionError("away")

    with pytest.raises(ConnectionError):
        calls.run(fails, 5)
    calls.close()
    assert not calls.overdue


def test_a_call_that_does_not_come_back_is_left_behind_in_time() -> None:
    calls, gate = Bounded("t"), threading.Event()
    with pytest.raises(Overdue):
        calls.run(gate.wait, 0.05)
    calls.close()  # does not wait for it
    gate.set()
    assert (calls.overdue, Bounded.left) == (True, 1)


def test_a_process_with_too_many_of_them_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_too_many()
    monkeypatch.setattr(Bounded, "left", bounded.MOST_LEFT)
    with pytest.raises(TooManyLeft):
        refuse_too_many()
