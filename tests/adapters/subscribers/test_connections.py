"""Connections that are kept: used again, one exchange at a time, and let go of where something was wrong with them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpcore
import pytest

from adapters.subscribers import connections
from adapters.subscribers.connections import Connections, _own
from adapters.subscribers.network import CheckedNetwork

FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
LAST = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Endpoint:
    """A server that answers each message alike and counts its connections."""

    def __init__(self, answer: bytes = FINE, hang_up: bool = False) -> None:
        self.answer, self._hang_up = answer, hang_up
        self.connected, self.bodies, self.heads = 0, list[bytes](), list[bytes]()
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.left = asyncio.Event()
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connected += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
                self.heads.append(head)
                self.bodies.append(await reader.readexactly(int(length.split(b":")[1])))
                await self.go_on.wait()
                writer.write(self.answer)
                await writer.drain()
                if self._hang_up:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()
        self.left.set()


@asynccontextmanager
async def listening(endpoint: Endpoint) -> AsyncIterator[Connections]:
    """The endpoint at an address of its own, and connections to it."""
    server = await asyncio.start_server(endpoint.serve, "127.0.0.1", 0)
    endpoint.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hooks"
    kept = Connections(CheckedNetwork(lambda _: ""))
    try:
        yield kept
    finally:
        await kept.close()
        server.close()


async def post(kept: Connections, url: str, body: bytes = b"{}") -> int:
    """A message, and the status of its answer, which is read to its end."""
    async with kept.post(url, [(b"webhook-id", b"w")], body) as response:
        async for _ in response.aiter_stream():
            pass
        return int(response.status)


def run(scene: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(5):
            await scene()

    asyncio.run(bounded())


def test_a_connection_is_used_again() -> None:
    async def scene() -> None:
        endpoint = Endpoint()
        async with listening(endpoint) as kept:
            assert [await post(kept, endpoint.url) for _ in range(3)] == [200, 200, 200]
            assert (endpoint.connected, kept.kept) == (1, 1)

    run(scene)


def test_messages_at_the_same_time_have_a_connection_each() -> None:
    async def scene() -> None:
        endpoint = Endpoint()
        async with listening(endpoint) as kept:
            assert await asyncio.gather(*[post(kept, endpoint.url) for _ in range(4)]) == [200] * 4
            assert endpoint.connected == kept.kept == 4
            await asyncio.gather(*[post(kept, endpoint.url) for _ in range(4)])
            assert endpoint.connected == 4

    run(scene)


def test_what_is_sent_says_where_to_and_how_long_it_is() -> None:
    async def scene() -> None:
        endpoint = Endpoint()
        async with listening(endpoint) as kept:
            await post(kept, endpoint.url, b'{"id":1}')
            address = endpoint.url.removeprefix("http://").removesuffix("/hooks").encode()
            assert endpoint.bodies == [b'{"id":1}']
            assert b"\r\nHost: " + address + b"\r\n" in endpoint.heads[0]
            assert endpoint.heads[0].startswith(b"POST /hooks HTTP/1.1\r\n")

    run(scene)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://shop.example/hook", b"shop.example"),
        ("https://shop.example:443/hook", b"shop.example"),
        ("https://shop.example:8443/hook", b"shop.example:8443"),
        ("http://127.0.0.1/", b"127.0.0.1"),
    ],
)
def test_the_usual_port_is_not_named(url: str, host: bytes) -> None:
    assert dict(_own(httpcore.URL(url), b"")) == {b"Host": host, b"Content-Length": b"0"}


def test_one_that_the_endpoint_closes_is_not_kept() -> None:
    async def scene() -> None:
        endpoint = Endpoint(LAST)
        async with listening(endpoint) as kept:
            assert await post(kept, endpoint.url) == 200
            assert kept.kept == 0

    run(scene)


def test_one_that_was_hung_up_while_idle_is_replaced() -> None:
    async def scene() -> None:
        endpoint = Endpoint(hang_up=True)
        async with listening(endpoint) as kept:
            assert await post(kept, endpoint.url) == 200
            await endpoint.left.wait()
            while not kept._idle[endpoint.url.removesuffix("/hooks")][0].has_expired():
                await asyncio.sleep(0)
            assert await post(kept, endpoint.url) == 200
            assert endpoint.connected == 2

    run(scene)


def test_one_whose_exchange_was_given_up_is_closed() -> None:
    async def scene() -> None:
        endpoint = Endpoint()
        endpoint.go_on.clear()
        async with listening(endpoint) as kept:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await post(kept, endpoint.url)
            assert kept.kept == 0
            endpoint.go_on.set()
            await endpoint.left.wait()

    run(scene)


def test_one_whose_answer_was_not_read_is_closed() -> None:
    async def scene() -> None:
        endpoint = Endpoint(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 1000)
        async with listening(endpoint) as kept:
            async with kept.post(endpoint.url, [], b"") as response:
                assert response.status == 200
            assert kept.kept == 0

    run(scene)


def test_no_more_are_kept_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "KEPT", 2)

    async def scene() -> None:
        endpoint = Endpoint()
        async with listening(endpoint) as kept:
            await asyncio.gather(*[post(kept, endpoint.url) for _ in range(5)])
            assert kept.kept == 2

    run(scene)


def test_after_the_end_none_is_kept() -> None:
    async def scene() -> None:
        endpoint = Endpoint()
        async with listening(endpoint) as kept:
            await post(kept, endpoint.url)
            await kept.close()
            assert kept.kept == 0
            await endpoint.left.wait()

    run(scene)
