"""What a request may weigh. Bytes are counted as they stream in: a header may lie, and the ASGI server has no cap."""

from __future__ import annotations

import re
from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.gateway.problems import Problem

MAX_BODY = 1 << 20
MAX_DOCUMENT = 900_000  # of what goes into one record of the log: its limit is 1 MiB with its headers
MAX_HEADERS = 16 << 10
MAX_URL = 8 << 10
_LENGTH = re.compile(rb"[0-9]{1,15}")


class Limits:
    """ASGI middleware: refuses before the first byte what is too long, and the moment it becomes so."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its body counted."""
        if scope["type"] == "http":
            _check(scope)
            receive = _counted(receive)
        await self.app(scope, receive, send)


def _check(scope: Scope) -> None:
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MAX_URL:
        raise Problem("url-too-long", f"at most {MAX_URL} bytes")
    if sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEADERS:
        raise Problem("headers-too-large", f"at most {MAX_HEADERS} bytes")
    encodings = _values(scope, b"content-encoding")
    if any(value not in (b"", b"identity") for value in encodings):
        raise Problem("unsupported-media-type", "send the body without Content-Encoding")
    for value in _values(scope, b"content-length"):
        if not _LENGTH.fullmatch(value):
            raise Problem("bad-request", "Content-Length is no number")
        if int(value) > MAX_BODY:
            raise too_large(MAX_BODY)


def _values(scope: Scope, wanted: bytes) -> Iterable[bytes]:
    return [value.strip().lower() for name, value in scope["headers"] if name == wanted]


def _counted(receive: Receive) -> Receive:
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MAX_BODY:
            raise too_large(MAX_BODY)
        return message

    return counted


def too_large(limit: int) -> Problem:
    """The body is over its limit; the connection is closed, so that nobody reads the rest."""
    return Problem("payload-too-large", f"at most {limit} bytes", headers={"Connection": "close"})
