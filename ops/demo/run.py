"""`wharf demo`: sets the scene, plays the day, breaks things, reconciles, and stays up for those who want to look."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
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
from ops.demo.retail.day import RetailDay
from ops.demo.retail.rows import unpacked
from ops.demo.scene import Scene, scene
from ops.demo.screen import Screen, screen
from ops.demo.verdict import Finding
from ops.demo.watch import Watch
from ops.demo.wish import ORDERS, Wish
from ops.supervisor import Supervisor
from schemas.settings import Settings

TEND_S = 0.1
PLAIN_WIDTH = 140
T = TypeVar("T")


class Interrupted(Exception):
    """Ctrl-C or SIGTERM while the demo was going on."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended."""

    findings: list[Finding]
    figures: dict[str, Any]

    @property
    def holds(self) -> bool:
        """Whether nothing contradicts any sentence."""
        return all(finding.holds for finding in self.findings)

    def told(self, seconds: float) -> dict[str, Any]:
        """As JSON, with what the whole run took."""
        figures = {"seconds": round(seconds, 1), **self.figures}
        return {"holds": self.holds, **figures, "findings": judge.told(self.findings)}


def run(wish: Wish, told: Settings) -> bool:
    """The demo from its first process to its last; returns whether its reconciliation holds. raises Interrupted"""
    begun = monotonic()
    given, console = settings_of(told), _console(wish)
    board = Board(broker="Kafka" if wish.kafka else "the embedded broker")
    shown = screen(console, board)
    with scene(given, kafka=wish.kafka, say=lambda text: console.print(text, highlight=False)) as at:
        _log_to_file(at, given.log_level)
        board.gateway, board.broker = at.up.gateway, at.broker
        with unpacked(wish.retail, at.folder / "retail") as path:
            outcome = asyncio.run(_played(at, _day(wish, path), wish.seed, board, shown))
        _tell(console, wish, outcome, monotonic() - begun)
        if not wish.once:
            goodbye.stay(console, at)
    return outcome.holds


def _console(wish: Wish) -> Console:
    """Where people look: stdout, unless that is for the JSON; lines in a file are as wide as they need."""
    found = Console(stderr=wish.json)
    return found if found.is_terminal else Console(stderr=wish.json, width=PLAIN_WIDTH)


async def _played(at: Scene, day: MakeDay, seed: int, board: Board, shown: Screen) -> Outcome:
    async with assembled(at, day, shown.note, seed) as cast:
        await cast.subscribe()
        works = [*cast.works(), Watch(cast, board).look_on(), shown.show(), tended(at.supervisor)]
        findings, figures = await beside(_acts(cast, shown), *works)
        return Outcome(findings, figures)


def _day(wish: Wish, path: Path | None) -> MakeDay:
    if path is None:
        return lambda channel, room: WorldDay(channel, room, wish.orders or ORDERS, wish.seed)
    return lambda channel, room: RetailDay(channel, room, path, orders=wish.orders, days=wish.days)


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


def _tell(console: Console, wish: Wish, outcome: Outcome, seconds: float) -> None:
    boards.summary(console, outcome.findings, seconds, outcome.figures)
    if wish.json:
        print(orjson.dumps(outcome.told(seconds)).decode(), flush=True)
