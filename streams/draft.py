"""A decision in the making: effects in their order, and the rows as they are after the facts so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streams.engine.effects import Ask, Effects, Fact, Message, Timer
from tables.overlay import Overlay
from tables.rows import Apply, Rows


class Draft:
    """Collects what one command leads to, for decisions whose later steps see the earlier ones."""

    def __init__(self, message: Message, rows: Rows, apply: Apply) -> None:
        self.message = message
        self.rows = Overlay(rows, apply)
        self._facts: list[Fact] = []
        self._asks: list[Ask] = []
        self._timers: dict[str, Timer] = {}

    @property
    def now(self) -> int:
        """The broker's time of the command, ms."""
        return self.message.now

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What is decided so far."""
        return tuple(self._facts)

    def fact(self, kind: str, record: Mapping[str, Any]) -> None:
        """Decide a fact: the rows show it from here on."""
        self._facts.append(Fact(kind, record))
        self.rows.take(kind, record)

    def ask(self, ask: Ask) -> None:
        """Ask another mailbox."""
        self._asks.append(ask)

    def timer(self, timer: Timer) -> None:
        """Set, replace or cancel a timer; the last word on a name counts."""
        self._timers[timer.name] = timer

    def effects(self) -> Effects:
        """All that was decided."""
        return Effects(tuple(self._facts), tuple(self._asks), tuple(self._timers.values()))
