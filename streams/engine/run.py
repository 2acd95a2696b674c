"""Runs one or several agents in this process, each with its own group and transactions, under Faust's worker."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

import faust
from mode import Service

from streams.engine import health, memory
from streams.engine.app import App
from streams.engine.watchdog import Watchdog

EX_SOFTWARE = 70  # sysexits: whatever ended it, it was no usage and no data
LOOP_LIMIT_S = 30.0  # how long the event loop may be blocked


class Watched(Service):
    """The watchdog of this process, which also sees whether the event loop turns."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.beat = time.monotonic()
        self.watchdog = Watchdog(lambda: list(self._stuck()))

    async def on_start(self) -> None:
        """Begin to watch."""
        self.watchdog.start()

    async def on_stop(self) -> None:
        """Stop watching."""
        self.watchdog.stop()

    @Service.task
    async def _beat(self) -> None:
        while not self.should_stop:
            self.beat = time.monotonic()
            await self.sleep(1.0)

    def _stuck(self) -> Iterator[str]:
        yield from health.stuck()
        silent = time.monotonic() - self.beat
        if silent > LOOP_LIMIT_S:
            yield f"the event loop has not turned for {silent:.0f} s"


def run(apps: Sequence[App], *services: Service, loglevel: str = "warn") -> NoReturn:
    """Run the agents of these apps, and services beside them, until SIGTERM or SIGINT; leaves by SystemExit."""
    for app in apps:
        app.conf.web_enabled = False  # the process has one page of health and metrics, and it is not Faust's
        app.fellows = tuple(apps)
    first, *others = apps
    worker = faust.Worker(
        first,
        *others,
        Watched(),
        *services,
        quiet=True,
        override_logging=False,
        redirect_stdouts=False,
        loglevel=loglevel,
    )
    memory.settle()
    worker.spinner = None  # it writes to stdout, also where that is no terminal
    try:
        worker.execute_from_commandline()
    except SystemExit as exc:
        raise SystemExit(EX_SOFTWARE if exc.code else 0) from None
