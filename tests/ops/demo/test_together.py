"""The play goes on while others work beside it, and ends with whatever fails first."""

from __future__ import annotations

import asyncio
from time import monotonic
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ops.demo import together
from ops.demo.together import Interrupted, Stalled, beside, moving, tended
from ops.supervisor import EssentialLost, Supervisor


async def for_ever() -> None:
    await asyncio.Event().wait()


async def answer() -> int:
    await asyncio.sleep(0)
    return 42


def test_the_others_end_with_the_main_work() -> None:
    assert asyncio.run(beside(answer(), for_ever(), for_ever())) == 42


def test_the_first_failure_beside_it_ends_the_main_work() -> None:
    async def fail() -> None:
        raise EssentialLost("the broker has ended")

    with pytest.raises(EssentialLost, match="broker"):
        asyncio.run(beside(for_ever(), fail()))


def test_a_failure_deep_inside_is_told_by_its_own_name() -> None:
    async def fail() -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_raise(ValueError("deep")))

    with pytest.raises(ValueError, match="deep"):
        asyncio.run(beside(fail(), for_ever()))


async def _raise(exc: Exception) -> None:
    raise exc


class Asked:
    """A supervisor that is told to stop after some rounds."""

    def __init__(self, rounds: int) -> None:
        self.rounds, self.tended = rounds, 0

    @property
    def stopping(self) -> Any:
        return SimpleNamespace(is_set=lambda: self.tended >= self.rounds)

    def tend(self) -> None:
        self.tended += 1


def test_ctrl_c_ends_the_play(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "TEND_S", 0.0)
    asked = Asked(3)
    with pytest.raises(Interrupted):
        asyncio.run(beside(for_ever(), tended(cast(Supervisor, asked))))
    assert asked.tended == 3


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks all the time, and waits for a tenth of a second only."""
    monkeypatch.setattr(together, "LOOK_S", 0.0)
    monkeypatch.setattr(together, "STALLED_S", 0.1)


@pytest.mark.usefixtures("impatient")
def test_a_play_in_which_nothing_happens_any_more_ends_and_says_what_it_waits_for() -> None:
    with pytest.raises(Stalled, match="3 orders are not heard of"):
        asyncio.run(beside(for_ever(), moving(lambda: 1, lambda: "3 orders are not heard of")))


@pytest.mark.usefixtures("impatient")
def test_a_play_that_goes_on_is_left_alone() -> None:
    numbers, over = iter(range(10**9)), monotonic() + 3 * together.STALLED_S

    async def play() -> int:
        while monotonic() < over:
            await asyncio.sleep(0)
        return 1

    assert asyncio.run(beside(play(), moving(lambda: next(numbers), lambda: ""))) == 1
