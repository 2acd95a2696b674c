"""How soon a stock event that was accepted is in Redis: movements at a steady rate, everything running.

A movement's units are seen where its SKU's value in Redis has as many as were received by then; of what came together in
one value, each is seen at that moment.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import httpx
import redis

from ops.bench.arithmetic import spread
from ops.bench.stock.figures import FreshFigures
from ops.demo import world
from ops.running import Running
from schemas.envelope import rfc3339
from tables.redis import keys
from tables.redis.values import loaded

LOCATION, SOURCE = "DC1", "wms-dc1"
TOGETHER = 5  # events of one POST
WARM_S, LOOK_S, LATE_S = 3.0, 0.002, 10.0
Read = Callable[[Sequence[str]], Mapping[str, int]]  # units on hand by SKU, of those that Redis holds


@dataclass(slots=True)
class Sent:
    """One event under way."""

    sku: str
    units: int  # on hand when it counts
    posted: float
    accepted: float = 0.0
    visible: float = 0.0


@dataclass(slots=True)
class Waiting:
    """Events that are not visible yet, of each SKU in their order."""

    by_sku: dict[str, deque[Sent]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, events: Sequence[Sent]) -> None:
        """These are on their way."""
        with self.lock:
            for event in events:
                self.by_sku.setdefault(event.sku, deque()).append(event)

    def skus(self) -> list[str]:
        """SKUs of which something is on its way."""
        with self.lock:
            return [sku for sku, events in self.by_sku.items() if events]

    def note(self, units: Mapping[str, int], at: float) -> None:
        """What Redis held at that time."""
        with self.lock:
            for sku, held in units.items():
                events = self.by_sku.get(sku, deque())
                while events and events[0].units <= held:
                    events.popleft().visible = at


def figures(events: Sequence[Sent], per_second: float, warm: float) -> FreshFigures:
    """Of events posted from `warm` on; raises NothingMeasured."""
    counted = [one for one in events if one.posted >= warm]
    seen = [one for one in counted if one.visible]
    return FreshFigures(
        per_second, TOGETHER, len(counted), len(counted) - len(seen),
        spread([one.accepted - one.posted for one in counted]),
        spread([max(0.0, one.visible - one.accepted) for one in seen]),
        spread([one.visible - one.posted for one in seen]),
    )  # fmt: skip


async def measure(http: httpx.AsyncClient, up: Running, per_second: float, seconds: float) -> FreshFigures:
    """So many movements a second for so long; raises NothingMeasured, httpx.HTTPError."""
    with redis.Redis.from_url(up.redis) as client:
        read = reader(client, f"{up.environment}:", up.tenant)
        items = [item.sku for item in world.items()]
        held, waiting, events = dict(read(items)), Waiting(), list[Sent]()
        with watched(waiting, read):
            begun = time.perf_counter()
            async with asyncio.TaskGroup() as tasks:
                for number in range(int(per_second * (WARM_S + seconds) / TOGETHER)):
                    await asyncio.sleep(max(0.0, begun + number * TOGETHER / per_second - time.perf_counter()))
                    skus = [items[(number * TOGETHER + place) % len(items)] for place in range(TOGETHER)]
                    tasks.create_task(_post(http, _next(skus, held), number, waiting, events))
            await _seen(waiting)
    return figures(events, per_second, begun + WARM_S)


def reader(client: redis.Redis, prefix: str, tenant: str) -> Read:
    """Reads many SKUs at once."""

    def read(skus: Sequence[str]) -> Mapping[str, int]:
        names = [prefix + keys.availability(tenant, sku) for sku in skus]
        found = cast("list[bytes | None]", client.mget(names)) if names else []
        return {sku: _units(body) for sku, value in zip(skus, found, strict=True) if (body := loaded(value))}

    return read


def _units(body: Mapping[str, Any]) -> int:
    return next((int(place["on_hand"]) for place in body["locations"] if place["location"] == LOCATION), 0)


def _next(skus: Sequence[str], held: dict[str, int]) -> list[Sent]:
    """One unit more of each."""
    for sku in skus:
        held[sku] += 1
    return [Sent(sku, held[sku], 0.0) for sku in skus]


async def _post(http: httpx.AsyncClient, events: list[Sent], number: int, waiting: Waiting, sent: list[Sent]) -> None:
    at = rfc3339(time.time_ns() // 1_000_000)
    body = [
        {"kind": "received", "source": SOURCE, "as_of": at, "sku": one.sku, "location": LOCATION, "quantity": "1",
         "event_id": f"fresh-{number}-{place}"}
        for place, one in enumerate(events)
    ]  # fmt: skip
    posted = time.perf_counter()
    for one in events:
        one.posted = posted
    waiting.add(events)
    (await http.post("/v1/inventory/events", json=body)).raise_for_status()
    accepted = time.perf_counter()
    for one in events:
        one.accepted = accepted
    sent += events


async def _seen(waiting: Waiting) -> None:
    deadline = time.monotonic() + LATE_S
    while waiting.skus() and time.monotonic() < deadline:
        await asyncio.sleep(LOOK_S)


@contextmanager
def watched(waiting: Waiting, read: Read) -> Iterator[None]:
    """Look into Redis again and again, in a thread of its own, while something is on its way."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(LOOK_S):
            if skus := waiting.skus():
                waiting.note(read(skus), time.perf_counter())

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
