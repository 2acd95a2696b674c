"""What was checked is what is connected to, under the name that was meant."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpcore
import pytest

from adapters.subscribers.network import AddressRefused, CheckedNetwork, resolve

ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


class Resolver:
    """A name server that may answer otherwise each time."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers, self.asked = list(answers), 0

    async def __call__(self, _: str, __: int) -> list[str]:
        """The next answer; the last one for ever."""
        self.asked += 1
        return self.answers[min(self.asked, len(self.answers)) - 1]


async def request(resolver: Resolver, *, then: Callable[[], Awaitable[None]] | None = None) -> tuple[bytes, int]:
    """One POST to name.example through the checked network: what the server read, and how often the name was asked."""
    read: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        read.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(ANSWER)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    network = CheckedNetwork(lambda address: "" if address == "127.0.0.1" else f"{address} is not allowed", resolver)
    try:
        async with httpcore.AsyncConnectionPool(network_backend=network) as pool:
            await pool.request("POST", f"http://name.example:{port}/hooks", content=b"")
    finally:
        server.close()
    return read[0], resolver.asked


def test_a_name_is_resolved_once_so_that_a_second_answer_changes_nothing() -> None:
    """Rebinding: the second answer is another address; it is never asked for."""
    _, asked = asyncio.run(request(Resolver(["127.0.0.1"], ["10.0.0.1"])))
    assert asked == 1


def test_the_server_is_addressed_by_its_name() -> None:
    read, _ = asyncio.run(request(Resolver(["127.0.0.1"])))
    assert b"\r\nHost: name.example:" in read


@pytest.mark.parametrize("answer", [["10.0.0.1"], ["127.0.0.1", "10.0.0.1"], ["10.0.0.1", "127.0.0.1"]])
def test_every_address_of_a_name_is_checked(answer: list[str]) -> None:
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.1"):
        asyncio.run(request(Resolver(answer)))


def test_a_name_without_an_address_is_a_failed_connection() -> None:
    with pytest.raises(httpcore.ConnectError):
        asyncio.run(request(Resolver([])))


def test_the_system_s_resolver_reads_a_literal() -> None:
    assert asyncio.run(resolve("127.0.0.1", 443)) == ["127.0.0.1"]
