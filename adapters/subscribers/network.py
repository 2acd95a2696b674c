"""Connections to addresses that were checked: a name is resolved once, and what was checked is what is connected to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpcore

Resolve = Callable[[str, int], Awaitable[list[str]]]
WhyNot = Callable[[str], str]

# Resolving blocks a thread; a name server that does not answer must not hold up the names of others.
_RESOLVERS = ThreadPoolExecutor(max_workers=64, thread_name_prefix="resolve")


class AddressRefused(Exception):
    """A name leads to an address that nothing may be sent to; says which and why."""


async def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host, in the order of the resolver; raises OSError where there are none."""
    found = await asyncio.get_running_loop().run_in_executor(_RESOLVERS, _addresses, host, port)
    return list(dict.fromkeys(found))


def _addresses(host: str, port: int) -> list[str]:
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Opens connections for httpcore; TLS and the Host header keep the name, the socket gets the checked address."""

    def __init__(self, why_not: WhyNot, resolver: Resolve = resolve) -> None:
        self._why_not, self._resolve, self._plain = why_not, resolver, httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that answers; raises AddressRefused if even one of them may not be used."""
        addresses = await self._checked(host, port)
        for address in addresses[:-1]:
            try:
                return await self._plain.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._plain.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    async def _checked(self, host: str, port: int) -> list[str]:
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as exc:
            raise httpcore.ConnectError(f"{host} cannot be resolved: {exc}") from exc
        if not addresses:
            raise httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            if reason := self._why_not(address.partition("%")[0]):
                raise AddressRefused(reason)
        return addresses

    async def sleep(self, seconds: float) -> None:
        """Wait between connection attempts; asked for by httpcore only where it retries, which it does not here."""
        await asyncio.sleep(seconds)
