"""`wharf demo`: sets the scene, plays the day, breaks things, reconciles, and stays up for those who want to look."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeVar

import orjson
from rich.console import Console

from ops import logs
from ops.demo import board as boards
from ops.demo import goodbye, judge
from ops.demo.board import Board
from ops.demo.cast import Cast, MakeDay, assembled
from ops.demo.day import WorldDay
from ops.demo.ground import settings_of
from ops.demo.scene import Scene, scene
from ops.demo.screen import Screen, screen
from ops.demo.verdict import Finding
from ops.demo.watch import Watch
from ops.demo.wish import ORDERS, Wish
from ops.supervisor import Supervisor
from schemas.settings import Settings

TEND_S = 0.1
T = TypeVar("T")


class Interrupted(Exception):
    """Ctrl-C or SIGTERM while the demo was going on."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended."""

    findings: list[Finding]
    figures: dict[str, Any]
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether nothing contradicts any sentence."""
        return all(finding.holds for finding in self.findings)

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "holds": self.holds, "seconds": round(self.seconds, 1), **self.figures,
            "findings": judge.told(self.findings),
        }  # fmt: skip


def run(wish: Wish, told: Settings) -> bool:
    """The demo from its first process to its last; returns whether its reconciliation holds. raises Interrupted"""
    begun = monotonic()
    given, console = settings_of(told), Console(stderr=wish.json)
    board = Board(broker="Kafka" if wish.kafka else "the embedded broker")
    shown = screen(console, board)
    with scene(given, kafka=wish.kafka, say=lambda text: console.print(text, highlight=False)) as at:
        _log_to_file(at, given.log_level)
        board.gateway, board.broker = at.up.gateway, at.broker
        outcome = asyncio.run(_played(at, wish, board, shown, begun))
        _tell(console, wish, outcome)
        if not wish.once:
            goodbye.stay(console, at)
    return outcome.holds


async def _played(at: Scene, wish: Wish, board: Board, shown: Screen, begun: float) -> Outcome:
    async with assembled(at, _day(wish), shown.note, wish.seed) as cast:
        await cast.subscribe()
        works = [*cast.works(), Watch(cast, board).look_on(), shown.show(), tended(at.supervisor)]
        findings, figures = await beside(_acts(cast, shown), *works)
        return Outcome(findings, figures, monotonic() - begun)


def _day(wish: Wish) -> MakeDay:
    return lambda channel, room: WorldDay(channel, room, wish.orders or ORDERS, wish.seed)


async def _acts(cast: Cast, shown: Screen) -> tuple[list[Finding], dict[str, Any]]:
    shown.note("reference data is put, shelves are counted")
    await cast.day.open(cast.stocked)
    shown.note(f"{cast.day.planned} orders come in")
    begun = monotonic()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(cast.chaos.run())
        await cast.day.play()
        sent = monotonic()
        shown.note("every order is taken; the rest of their way is waited for")
    findings = await judge.reconciled(cast)
    return findings, judge.figures(cast, begun, sent)


async def tended(supervisor: Supervisor) -> None:
    """Start again what ends, for ever; raises Interrupted when the supervisor is told to stop, EssentialLost."""
    while not supervisor.stopping.is_set():
        supervisor.tend()
        await asyncio.sleep(TEND_S)
    raise Interrupted


async def beside(main: Coroutine[Any, Any, T], *others: Coroutine[Any, Any, None]) -> T:
    """The main work with others beside it, which end with it; whatever fails first ends all of it."""
    try:
        async with asyncio.TaskGroup() as tasks:
            going = [tasks.create_task(other) for other in others]
            done = await main
            for one in going:
                one.cancel()
    except BaseExceptionGroup as group:
        raise _first(group) from group
    return done


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first


def _log_to_file(at: Scene, level: str) -> None:
    """The demo's own logs would tear the screen."""
    logs.configure("demo", level, (at.folder / "log" / "demo.log").open("a", encoding="utf-8"))
    logging.getLogger("wharf.supervisor").setLevel(logging.INFO)


def _tell(console: Console, wish: Wish, outcome: Outcome) -> None:
    boards.summary(console, outcome.findings, outcome.seconds, outcome.figures)
    if wish.json:
        print(orjson.dumps(outcome.told()).decode(), flush=True)
