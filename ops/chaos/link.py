"""One client's connection through the proxy: whole frames in both directions, harmed as the toxics say."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from ops.chaos.frames import NotKafka, Request, correlation_of, framed, read_frame, request_of
from ops.chaos.toxics import Harm, Toxic, Toxics

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]
GONE = (asyncio.IncompleteReadError, ConnectionError, NotKafka, OSError)


class Reset(ConnectionError):
    """The proxy cuts this connection."""


class Link:
    """Two ends, and what is under way between them."""

    def __init__(self, broker: int, client: Ends, server: Ends, toxics: Toxics) -> None:
        self.broker, self.toxics = broker, toxics
        self._client, self._client_out = client
        self._server, self._server_out = server
        self._doubled: dict[int, int] = {}  # correlation → answers still to come
        self._muted: set[int] = set()  # correlations whose answer is a reset
        self._aside: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Carry frames until either end leaves or the link is cut."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._requests())
                tasks.create_task(self._responses())
        except* GONE:
            pass
        finally:
            self.cut()

    def cut(self) -> None:
        """Reset both ends."""
        for task in self._aside:
            task.cancel()
        for writer in (self._client_out, self._server_out):
            with suppress(Exception):  # an end that is gone already
                writer.transport.abort()

    async def _requests(self) -> None:
        while True:
            frame = await read_frame(self._client)
            await self._request(frame, request_of(frame))

    async def _request(self, frame: bytes, request: Request) -> None:
        times = 1
        for toxic in self.toxics.on(self.broker, request.api):
            self.toxics.done[toxic.harm] += 1
            match toxic.harm:
                case Harm.DELAY:
                    await self._slow(toxic, toxic.amount)
                case Harm.THROTTLE:
                    await self._slow(toxic, len(frame) / toxic.amount)
                case Harm.HOLD:
                    return self._later(self._held(frame, toxic))
                case Harm.DROP:
                    return self._later(self._dropped(toxic))
                case Harm.CUT:
                    raise Reset
                case Harm.DUPLICATE:
                    times, self._doubled[request.correlation] = 2, 2
                case Harm.UNANSWERED:
                    self._muted.add(request.correlation)
        self._server_out.write(framed(frame) * times)
        await self._server_out.drain()
        return None

    async def _responses(self) -> None:
        while True:
            frame = await read_frame(self._server)
            if toxic := self.toxics.at(self.broker, Harm.THROTTLE):
                await self._slow(toxic, len(frame) / toxic.amount)
            if self._is_heard(correlation_of(frame)):
                self._client_out.write(framed(frame))
                await self._client_out.drain()

    async def _slow(self, toxic: Toxic, seconds: float) -> None:
        """No longer than the toxic lasts."""
        await asyncio.sleep(min(seconds, self.toxics.left(toxic)))

    def _is_heard(self, correlation: int) -> bool:
        """Whether the client gets this answer; raises Reset."""
        if correlation in self._muted:
            raise Reset
        left = self._doubled.pop(correlation, 0)
        if left > 1:
            self._doubled[correlation] = left - 1
        return left != 1

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)

    async def _held(self, frame: bytes, toxic: Toxic) -> None:
        await asyncio.sleep(self.toxics.left(toxic))
        with suppress(*GONE):
            self._server_out.write(framed(frame))
            await self._server_out.drain()

    async def _dropped(self, toxic: Toxic) -> None:
        """What was lost is lost; the connection ends with the fault, as behind a firewall that forgot it."""
        await asyncio.sleep(self.toxics.left(toxic))
        if own := asyncio.current_task():
            self._aside.discard(own)
        self.cut()
