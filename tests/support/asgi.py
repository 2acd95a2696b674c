"""One raw ASGI request, for clients that do what no HTTP library would: dribble, or never end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

from starlette.types import ASGIApp, Message


def request(
    app: ASGIApp, path: str, headers: Mapping[str, str], body: Callable[[], Awaitable[Message]]
) -> tuple[int, bytes]:
    """Status and body of the answer to a POST whose body comes from `body`."""
    sent: list[Any] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()], "http_version": "1.1",
        "scheme": "http", "server": ("test", 80), "client": ("test", 1), "asgi": {"version": "3.0"},
    }  # fmt: skip
    asyncio.run(app(scope, body, send))  # type: ignore[arg-type]
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


async def silence() -> Message:
    """A client that never sends its body."""
    return await asyncio.Future()


def chunks(of: Iterator[bytes]) -> Callable[[], Awaitable[Message]]:
    """A client that sends these chunks and always more."""

    async def more() -> Message:
        return {"type": "http.request", "body": next(of), "more_body": True}

    return more
