"""Reads of availability over HTTP beside a bare GET of the same key in Redis: one client, one connection each, in turn."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import TypeVar
from urllib.parse import urlsplit

import redis

from ops.bench import empty
from ops.bench.arithmetic import spread
from ops.bench.figures import ReadFigures
from ops.demo import world
from ops.running import Running
from tables.redis import keys

T = TypeVar("T")
WARM = 0.1  # share of the rounds that is not counted


class Unexpected(RuntimeError):
    """A read was not answered as it must be."""


@dataclass(slots=True)
class Durations:
    """Seconds of each kind of read, in the order of their making."""

    redis: list[float] = field(default_factory=list)
    http: list[float] = field(default_factory=list)
    unchanged: list[float] = field(default_factory=list)
    empty: list[float] = field(default_factory=list)

    def figures(self) -> ReadFigures:
        """Without the first rounds; raises NothingMeasured."""
        return ReadFigures(
            *(spread(warm(durations)) for durations in (self.redis, self.http, self.unchanged, self.empty))
        )


def warm(durations: Sequence[float]) -> Sequence[float]:
    """All but the first rounds."""
    return durations[int(WARM * len(durations)) :]


class Site:
    """A commerce site's connection to the gateway."""

    def __init__(self, gateway: str, key: str) -> None:
        address = urlsplit(gateway)
        self._connection = HTTPConnection(address.hostname or "", address.port, timeout=10)
        self._headers = {"Authorization": f"Bearer {key}"}

    def read(self, sku: str, expected: int, tag: str = "") -> str:
        """GET the availability; returns its ETag. raises Unexpected"""
        headers = {**self._headers, "If-None-Match": tag} if tag else self._headers
        self._connection.request("GET", f"/v1/availability/{sku}?channel=portal", headers=headers)
        answer = self._connection.getresponse()
        answer.read()
        if answer.status != expected:
            raise Unexpected(f"{answer.status} for {sku}, not {expected}")
        return answer.headers["ETag"]

    def knock(self) -> None:
        """GET that nothing answers but the server itself. raises Unexpected"""
        self._connection.request("GET", "/", headers=self._headers)
        answer = self._connection.getresponse()
        answer.read()
        if answer.status != 204:
            raise Unexpected(f"{answer.status} of a server with nothing behind it, not 204")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def measure(up: Running, rounds: int) -> ReadFigures:
    """So many rounds of three reads of one key and one of nothing; raises Unexpected, NothingMeasured."""
    site, durations = Site(up.gateway, up.keys["admin"]), Durations()
    skus = [item.sku for item in world.items()]
    with redis.Redis.from_url(up.redis) as client, empty.server() as address:
        bare = Site(address, up.keys["admin"])
        for index in range(rounds):
            sku = skus[index % len(skus)]
            name = f"{up.environment}:{keys.availability(up.tenant, sku)}"
            held, took = timed(client.get, name)
            durations.redis.append(took)
            if held is None:
                raise Unexpected(f"Redis does not hold {name}")
            tag, took = timed(site.read, sku, 200)
            durations.http.append(took)
            durations.unchanged.append(timed(site.read, sku, 304, tag)[1])
            durations.empty.append(timed(bare.knock)[1])
        bare.close()
    site.close()
    return durations.figures()


def timed(call: Callable[..., T], *arguments: object) -> tuple[T, float]:
    """What a call returns, and how many seconds it took."""
    at = time.perf_counter()
    found = call(*arguments)
    return found, time.perf_counter() - at
