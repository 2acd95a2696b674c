"""A thread, not a task: a blocked event loop cannot answer. A process that stays unhealthy ends, so that it is started anew."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

import structlog

log = structlog.get_logger("wharf.watchdog")
EXIT = 70  # sysexits: internal software error
PERIOD_S = 1.0


def _leave() -> None:
    os._exit(EXIT)  # close() could block for ever on what is stuck


class Watchdog:
    """Asks for problems once a period; calls `leave` when there were some at every question of `grace_s`."""

    def __init__(
        self,
        problems: Callable[[], list[str]],
        *,
        grace_s: float = 60.0,
        leave: Callable[[], None] = _leave,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._problems, self._grace_s, self._leave, self._clock = problems, grace_s, leave, clock
        self._since: float | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Stop watching."""
        self._stop.set()

    def look(self) -> None:
        """One question."""
        found = self._problems()
        if not found:
            self._since = None
            return
        if self._since is None:
            self._since = self._clock()
            log.warning("watchdog.unhealthy", problems=found)
        if self._clock() - self._since >= self._grace_s:
            log.error("watchdog.leaving", problems=found)
            self._leave()

    def _run(self) -> None:
        while not self._stop.wait(PERIOD_S):
            self.look()
