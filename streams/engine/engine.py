"""Runs sessions on a thread of its own, one after the other, until told to stop."""

from __future__ import annotations

from collections.abc import Callable

from schemas.settings import Settings
from streams.engine.agent import Agent


class Engine:
    """Runs one agent; `on_fatal` hears of what no new session can cure."""

    def __init__(self, agent: Agent, settings: Settings, on_fatal: Callable[[BaseException], None]) -> None:
        self.agent, self.settings, self.on_fatal = agent, settings, on_fatal

    def start(self) -> None:
        """Start the thread."""

    def stop(self) -> None:
        """Finish the batch in flight and return when everything is closed."""
