"""`wharf demo`: sets the scene, plays the day, breaks things, reconciles, and stays up for those who want to look."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

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
from ops.demo.together import SPOILT, beside, moving, tended
from ops.demo.verdict import Finding
from ops.demo.watch import Watch
from ops.demo.wish import ORDERS, Wish
from schemas.settings import Settings

PLAIN_WIDTH = 140


class Spoilt(Exception):
    """The play could not be played to its end; says why, and where the logs are."""


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
    """The demo from its first process to its last; returns whether its reconciliation holds. raises Interrupted, Spoilt"""
    begun = monotonic()
    given, console = settings_of(told), _console(wish)
    board = Board(broker="Kafka" if wish.kafka else "the embedded broker")
    shown = screen(console, board)
    with scene(given, kafka=wish.kafka, say=lambda text: console.print(text, highlight=False)) as at:
        _log_to_file(at, given.log_level)
        board.gateway, board.broker = at.up.gateway, at.broker
        with unpacked(wish.retail, at.folder / "retail") as path:
            outcome = _outcome(_played(at, _day(wish, path), wish.seed, board, shown), at)
        _tell(console, wish, outcome, monotonic() - begun)
        if not wish.once:
            goodbye.stay(console, at)
    return outcome.holds


def _outcome(played: Coroutine[Any, Any, Outcome], at: Scene) -> Outcome:
    try:
        return asyncio.run(played)
    except SPOILT as exc:
        raise Spoilt(f"{type(exc).__name__}: {exc}\nlogs of all processes: {at.folder / 'log'}") from exc


def _console(wish: Wish) -> Console:
    """Where people look: stdout, unless that is for the JSON; lines in a file are as wide as they need."""
    found = Console(stderr=wish.json)
    return found if found.is_terminal else Console(stderr=wish.json, width=PLAIN_WIDTH)


async def _played(at: Scene, day: MakeDay, seed: int, board: Board, shown: Screen) -> Outcome:
    async with assembled(at, day, shown.note, seed) as cast:
        works = [*cast.works(), Watch(cast, board).look_on(), shown.show(), tended(at.supervisor)]
        works.append(moving(cast.changed, cast.unheard))
        findings, figures = await beside(_acts(cast, shown), *works)
        return Outcome(findings, figures)


def _day(wish: Wish, path: Path | None) -> MakeDay:
    if path is None:
        return lambda channel, room: WorldDay(channel, room, wish.orders or ORDERS, wish.seed)
    return lambda channel, room: RetailDay(channel, room, path, orders=wish.orders, days=wish.days)


async def _acts(cast: Cast, shown: Screen) -> tuple[list[Finding], dict[str, Any]]:
    shown.note("reference data is put, shelves are counted")
    await cast.subscribe()
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


def _log_to_file(at: Scene, level: str) -> None:
    """The demo's own logs would tear the screen."""
    logs.configure("demo", level, (at.folder / "log" / "demo.log").open("a", encoding="utf-8"))
    logging.getLogger("wharf.supervisor").setLevel(logging.INFO)


def _tell(console: Console, wish: Wish, outcome: Outcome, seconds: float) -> None:
    boards.summary(console, outcome.findings, seconds, outcome.figures)
    if wish.json:
        print(orjson.dumps(outcome.told(seconds)).decode(), flush=True)
