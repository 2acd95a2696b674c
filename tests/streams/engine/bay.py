"""Engines and doors in this process, on the embedded broker."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from schemas.envelope import Headers
from schemas.settings import Settings
from streams.engine.agent import Agent
from streams.engine.client import Inbox, Outbox
from streams.engine.effects import Message
from streams.engine.engine import Engine
from streams.engine.records import TP, Record
from streams.engine.tail import Tail, Watermarks
from tests.streams.engine.harbour import until


class Bay:
    """One environment on the embedded broker."""

    def __init__(self, bootstrap: str, environment: str, folder: Path, *topics: str) -> None:
        self.settings = Settings(
            kafka=bootstrap, environment=environment, state_dir=folder, embedded=True, partitions=4
        )
        self.marks = Watermarks(self.settings)
        for topic in topics:
            self.marks.partitions(topic)
        self.fatal: list[BaseException] = []

    @contextmanager
    def running(self, agent: Agent) -> Iterator[Engine]:
        """An engine, until the end of the block."""
        engine = Engine(agent, self.settings, self.fatal.append)
        engine.start()
        try:
            yield engine
        finally:
            engine.stop()

    def send(self, *messages: tuple[str, str, Any], tenant: str = "acme") -> list[str]:
        """Publish (type, key, record) one after the other; their ids."""

        async def say(box: Outbox) -> list[str]:
            return [await box.send(kind, key, record, tenant=tenant) for kind, key, record in messages]

        ids: list[str] = self.with_outbox(say)
        return ids

    def put(self, topic: str, key: bytes, value: bytes, headers: Headers) -> None:
        """Publish bytes, however bad."""
        self.with_outbox(lambda box: box.publish(topic, key, value, headers))

    def with_outbox(self, story: Callable[[Outbox], Awaitable[Any]]) -> Any:
        """Run a story with an outbox."""

        async def run() -> Any:
            box = Outbox(self.settings, "test")
            try:
                return await story(box)
            finally:
                await box.close()

        return asyncio.run(run())

    def read(self, topic: str) -> list[Record]:
        """All that is on a topic now."""
        tps = [TP(topic, number) for number in range(self.marks.partitions(topic))]
        tail = Tail(self.settings, dict.fromkeys(tps, 0))
        try:
            return tail.read_up_to(self.marks.highs(tps), 20.0)
        finally:
            tail.close()

    def wait_for(self, topic: str, records: int) -> list[Record]:
        """What is on a topic, as soon as it is so much."""
        found: list[Record] = until(lambda: len(read := self.read(topic)) >= records and read, 30.0)
        return found

    def listen(
        self,
        topics: Sequence[str],
        handle: Callable[[Message, Inbox], Awaitable[None]],
        *,
        group: str = "door",
        concurrency: int = 8,
    ) -> None:
        """Run an inbox until `handle` stops it."""
        inbox = Inbox(self.settings, group, topics)

        async def run() -> None:
            async def one(message: Message) -> None:
                await handle(message, inbox)

            await asyncio.wait_for(inbox.run(one, concurrency=concurrency, ordered_by=lambda message: message.key), 40)

        asyncio.run(run())
