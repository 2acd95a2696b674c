"""What the one who looks on sees: a live screen where there is a terminal, plain lines where there is none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Protocol

from rich.console import Console
from rich.live import Live

from ops.demo.board import Board, draw

DRAW_S, LINE_S = 0.5, 5.0


class Screen(Protocol):
    """Shows a board for as long as the demo goes on."""

    def note(self, text: str) -> None:
        """Something has happened."""

    async def show(self) -> None:
        """Show the board for ever."""


def screen(console: Console, board: Board) -> Screen:
    """The screen for this console."""
    return Terminal(console, board) if console.is_terminal else Lines(console, board)


class Terminal:
    """One screen, drawn again and again."""

    def __init__(self, console: Console, board: Board) -> None:
        self.console, self.board = console, board
        self._live = Live(console=console, auto_refresh=False, transient=True)

    def note(self, text: str) -> None:
        """On the board, with the time of day."""
        self.board.notes.append(f"{datetime.now().astimezone():%H:%M:%S}  {text}")

    async def show(self) -> None:
        """Draw until cancelled; the last picture is wiped away, for the summary says it all."""
        with self._live:
            while True:
                self._live.update(draw(self.board), refresh=True)
                await asyncio.sleep(DRAW_S)


class Lines:
    """A line for each thing that happens, and one every few seconds."""

    def __init__(self, console: Console, board: Board, clock: Callable[[], float] = monotonic) -> None:
        self.console, self.board, self._clock, self._begun = console, board, clock, clock()

    def note(self, text: str) -> None:
        """A line of its own, with the seconds since the start."""
        self.console.print(
            f"{self._clock() - self._begun:6.1f} s  {text}", highlight=False, markup=False, soft_wrap=True
        )

    async def show(self) -> None:
        """A line now and then until cancelled."""
        while True:
            await asyncio.sleep(LINE_S)
            self.note(line_of(self.board))


def line_of(board: Board) -> str:
    """The board in one line."""
    feeds = ", ".join(f"{view} {received}/{head}" for view, (head, received) in board.feeds.items())
    down = "".join(f"; {name} is down" for name, alive in board.alive.items() if not alive)
    behind = sum(board.lag.values())
    sent = f"{board.sent}/{board.planned} orders taken, {board.rate:.0f}/s, {board.settled} settled"
    return f"{sent}; {behind} records behind; {feeds}{board.eta and f'; {board.eta}'}{down}"
