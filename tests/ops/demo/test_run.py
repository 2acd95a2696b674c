"""The play goes on while others work beside it, and ends with whatever fails first."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ops.demo.run import Interrupted, Outcome, beside, tended
from ops.demo.verdict import Finding
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
    monkeypatch.setattr("ops.demo.run.TEND_S", 0.0)
    asked = Asked(3)
    with pytest.raises(Interrupted):
        asyncio.run(beside(for_ever(), tended(cast(Supervisor, asked))))
    assert asked.tended == 3


FIGURES = {"orders": 2, "orders_per_s": 1.0}


@pytest.mark.parametrize("against", [(), ("P-1: twice",)])
def test_one_broken_sentence_breaks_the_whole(against: tuple[str, ...]) -> None:
    told = Outcome([Finding("a", "1", ()), Finding("b", "2", against)], FIGURES).told(12.345)
    assert told["holds"] is (not against)
    assert told["seconds"] == 12.3
    assert [one["holds"] for one in told["findings"]] == [True, not against]


def test_many_contradictions_are_told_in_part() -> None:
    (found,) = Outcome([Finding("a", "1", tuple(map(str, range(100))))], FIGURES).told(1)["findings"]
    assert len(found["against"]) == 20
