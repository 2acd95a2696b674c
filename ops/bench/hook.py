"""An endpoint for webhooks that answers 204 and notes when each came: the client's own clock, and nothing else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson

Take = Callable[[dict[str, Any], float], None]  # the webhook's body, and when it was read


@asynccontextmanager
async def hook(take: Take) -> AsyncIterator[str]:
    """A listening endpoint's URL."""
    senders: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        senders.add(writer)
        try:
            while (body := await _request(reader)) is not None:
                take(orjson.loads(body), time.perf_counter())
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
                await writer.drain()
        except (ConnectionError, asyncio.CancelledError):
            pass  # the sender hangs up as it likes, and the end of a run ends what is under way
        finally:
            senders.discard(writer)
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
        for writer in list(senders):
            writer.close()


async def _request(reader: asyncio.StreamReader) -> bytes | None:
    """The body of the next request; None where the sender has ended."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        return await reader.readexactly(length_of(head))
    except asyncio.IncompleteReadError:
        return None


def length_of(head: bytes) -> int:
    """Content-Length of a request's head; 0 where it says none."""
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0
