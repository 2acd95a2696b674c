"""Connections to endpoints, kept for the next message to the same one: at most as many as messages are under way.

httpcore's own pool looks at all of its connections whenever a request comes or goes: with the sixteen that one endpoint may
have, that was most of a webhook's cost.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpcore

from adapters.subscribers.network import CheckedNetwork

KEEP_ALIVE_S = 20.0
KEPT = 250  # idle connections, of all endpoints
Headers = Sequence[tuple[bytes, bytes]]
_DEFAULT_PORTS = {b"http": 80, b"https": 443}


class Connections:
    """One exchange at a time on each connection; who comes next takes the one that was used last."""

    def __init__(self, network: CheckedNetwork) -> None:
        self._network, self._tls = network, ssl.create_default_context()
        self._idle: dict[str, list[httpcore.AsyncHTTPConnection]] = {}

    @property
    def kept(self) -> int:
        """How many are idle."""
        return sum(map(len, self._idle.values()))

    @asynccontextmanager
    async def post(self, url: str, headers: Headers, body: bytes) -> AsyncIterator[httpcore.Response]:
        """Post a body; the answer's body may be read inside. Raises what httpcore and the network raise."""
        parts = httpcore.URL(url)
        request = httpcore.Request("POST", parts, headers=[*_own(parts, body), *headers], content=body)
        connection = await self._taken(parts)
        try:
            response = await connection.handle_async_request(request)
            try:
                yield response
            finally:
                await response.aclose()
        finally:
            await self._given_back(parts, connection)

    async def close(self) -> None:
        """Close those that are idle."""
        while self._idle:
            _, found = self._idle.popitem()
            for connection in found:
                await connection.aclose()

    async def _taken(self, parts: httpcore.URL) -> httpcore.AsyncHTTPConnection:
        place = _place(parts)
        while found := self._idle.get(place):
            connection = found.pop()
            if not found:
                del self._idle[place]
            if not connection.has_expired():
                return connection
            await connection.aclose()
        return httpcore.AsyncHTTPConnection(
            parts.origin, ssl_context=self._tls, keepalive_expiry=KEEP_ALIVE_S, network_backend=self._network
        )

    async def _given_back(self, parts: httpcore.URL, connection: httpcore.AsyncHTTPConnection) -> None:
        """Keep it where its exchange came to a good end."""
        if connection.is_idle() and self.kept < KEPT:
            self._idle.setdefault(_place(parts), []).append(connection)
        else:
            await connection.aclose()


def _place(parts: httpcore.URL) -> str:
    return str(parts.origin)


def _own(parts: httpcore.URL, body: bytes) -> Headers:
    """What says where it goes and how long it is."""
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    host = parts.host if port == _DEFAULT_PORTS.get(parts.scheme) else b"%s:%d" % (parts.host, port or 0)
    return ((b"Host", host), (b"Content-Length", b"%d" % len(body)))
