"""The proxy between a client and a server on real sockets; the server answers each request with its correlation id."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from ops.chaos.frames import APIS, correlation_of, framed, read_frame, request_of
from ops.chaos.proxy import HOST, Proxy
from ops.embedded.child import free_port

END_TXN, FETCH = APIS["EndTxn"], APIS["Fetch"]
LONG_S = 30.0
SOON_S = 10.0


def request(api: int, correlation: int, body: bytes = b"") -> bytes:
    return framed(struct.pack(">hhi", api, 1, correlation) + body)


@dataclass
class Pier:
    """What a test sees: the proxy, the requests that arrived behind it, and connections of clients."""

    proxy: Proxy
    listen: int
    control: int
    arrived: list[tuple[int, int]] = field(default_factory=list)  # api, correlation

    async def client(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(HOST, self.listen)

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(SOON_S):
            while not holds():
                await asyncio.sleep(0.005)

    async def answer(self, reader: asyncio.StreamReader) -> int:
        async with asyncio.timeout(SOON_S):
            return correlation_of(await read_frame(reader))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                found = request_of(await read_frame(reader))
                self.arrived.append((found.api, found.correlation))
                writer.write(framed(struct.pack(">i", found.correlation)))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


@asynccontextmanager
async def pier() -> AsyncIterator[Pier]:
    async with AsyncExitStack() as stack:
        listen, target, control = free_port(), free_port(), free_port()
        made = Pier(Proxy([(listen, target)]), listen, control)
        await stack.enter_async_context(await asyncio.start_server(made.serve, HOST, target))
        stop = asyncio.Event()
        serving = asyncio.create_task(made.proxy.serve(control, stop))
        await made.until(lambda: listens(serving, listen))
        try:
            yield made
        finally:
            stop.set()
            await serving


def listens(serving: asyncio.Task[None], port: int) -> bool:
    assert not serving.done()
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def played(play: Callable[[Pier], Awaitable[None]]) -> None:
    async def scene() -> None:
        async with pier() as made:
            await play(made)

    asyncio.run(scene())
