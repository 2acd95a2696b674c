"""An ordinary Faust app with one agent, on a pretended broker, run for as long as it takes to see what it does."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import faust
import mode
from faust.types import TP

from ops.chaos.stock_faust.pretended import LOG, Row

IN = TP("in", 0)
LOOK_S = 0.1
Body = Callable[[int], Awaitable[None]]


class Stage:
    """One app, one topic, and what it has processed."""

    def __init__(self, offsets: Iterable[int], *, crashing: bool = False) -> None:
        LOG.fill(IN, [Row(offset, b"%d" % offset) for offset in offsets])
        LOG.fill(TP("shown-t-changelog", 0), [])
        more: dict[str, Any] = {"agent_supervisor": mode.CrashingSupervisor} if crashing else {}
        self.app = faust.App(
            "shown", broker="pretended://", web_enabled=False, topic_allow_declare=False, topic_disable_leader=True,
            datadir=tempfile.mkdtemp(prefix="stock-faust-"), topic_partitions=1, table_standby_replicas=0,
            stream_wait_empty=False, broker_commit_interval=0.5, store="memory://", **more,
        )  # fmt: skip
        self.topic = self.app.topic("in", key_type=bytes, value_type=bytes, value_serializer="raw")
        self.seen: list[int] = []

    def each(self, body: Body, **options: Any) -> None:
        """An agent that awaits the body for every record's offset."""

        @self.app.agent(self.topic, **options)
        async def agent(stream: Any) -> None:
            async for event in stream.events():
                await body(event.message.offset)
                self.seen.append(event.message.offset)

    def batches(self, size: int, poison: int) -> None:
        """An agent that takes batches, and raises for the one with this offset."""

        @self.app.agent(self.topic)
        async def agent(stream: Any) -> None:
            async for batch in stream.take(size, within=0.1):
                if poison in [int(value) for value in batch]:
                    raise ValueError("cannot process this one")
                self.seen.extend(int(value) for value in batch)

    async def run(self, until: Callable[[], bool], within_s: float = 15.0) -> None:
        """Start, and go on until something holds or the time is over."""
        await self.app.start()
        deadline = time.monotonic() + within_s
        while not until() and not self.app.crashed and time.monotonic() < deadline:
            await asyncio.sleep(LOOK_S)

    @property
    def committed(self) -> int | None:
        """The offset that the group would read on from."""
        consumer: Any = self.app.consumer
        found: int | None = consumer.committed_at.get(IN)
        return found

    def commits(self, number: int) -> bool:
        """Whether so many commits were made."""
        consumer: Any = self.app.consumer
        return bool(consumer.commits >= number)


async def nothing(offset: int) -> None:
    """A body without work."""


async def raises_at_4(offset: int) -> None:
    """A body with a defect."""
    if offset == 4:
        raise ValueError("cannot process this one")


async def slow_first(offset: int) -> None:
    """A body that is not done with the first record for a long time."""
    if offset == 0:
        await asyncio.sleep(60)
