"""A day that the demo can play: what it sets up, what it sends, what there was on the shelves."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

from ops.demo import world
from ops.demo.client import Channel
from ops.demo.orders import orders
from ops.demo.traffic import Sent, Traffic, stock_the_shelves

T = TypeVar("T")
AT_ONCE = 16  # requests under way while reference data is put
Stocked = Callable[[list[str]], Awaitable[None]]  # returns when these products can be promised


class Day(Protocol):
    """One day's play."""

    planned: int  # orders
    sent: Sent
    counted: Counter[str]  # sku → units counted on all shelves
    hot: list[str]  # products to look at

    async def open(self, stocked: Stocked) -> None:
        """Put the reference data and count the shelves."""

    async def play(self) -> None:
        """Send everything; returns when all is answered."""

    def report(self) -> dict[str, Any]:
        """What there is to say about it at the end."""


class WorldDay:
    """The fictional distributor's day."""

    def __init__(self, channel: Channel, room: Callable[[Sent], bool], planned: int, seed: int) -> None:
        self.channel, self.planned, self.seed = channel, planned, seed
        self.traffic = Traffic(channel, room)
        self.sent = self.traffic.sent
        self.counted = Counter({item.sku: sum(item.stock) for item in world.items()})
        self.hot = [item.sku for item in world.items() if item.hot]

    async def open(self, stocked: Stocked) -> None:
        """Three warehouses, 200 products, four channels, a retailer, forty customers."""
        await put(self.channel, "locations", world.locations().items())
        await put(self.channel, "partners", world.partners().items())
        await put(self.channel, "customers", world.customers().items())
        await put(self.channel, "products", ((item.sku, world.product(item)) for item in world.items()))
        await put(self.channel, "cross-references", map(_named, world.cross_references()))
        await stock_the_shelves(self.channel, world.counts(datetime.now(UTC).isoformat()))
        await stocked([*self.counted])

    async def play(self) -> None:
        """Orders from four channels, each in its own form."""
        await self.traffic.send(orders(self.planned, self.seed))

    def report(self) -> dict[str, Any]:
        """How they were sent."""
        return {"interchanges": self.sent.receipts, "sent_twice": self.sent.resent}


async def put(channel: Channel, kind: str, records: Iterable[tuple[str, Any]]) -> None:
    """Put reference data of one kind, several records at a time."""

    async def one(record: tuple[str, Any]) -> None:
        await channel.put(f"/v1/reference/{kind}/{quote(record[0], safe='')}", record[1])

    await all_of(records, one, AT_ONCE)


async def all_of(items: Iterable[T], act: Callable[[T], Awaitable[None]], at_once: int) -> None:
    """Do it with each item, so many at a time; the first failure ends it."""
    free = asyncio.Semaphore(at_once)

    async def one(item: T) -> None:
        async with free:
            await act(item)

    async with asyncio.TaskGroup() as tasks:
        for item in items:
            tasks.create_task(one(item))


def _named(body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return f"{body['scheme']}|{body['party']}|{body['value']}", body
