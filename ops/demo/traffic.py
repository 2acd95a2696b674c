"""The demo's day of orders: every channel sends in its own way, and all of it survives whatever breaks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from ops.demo import documents
from ops.demo.client import Channel
from ops.demo.orders import Order
from ops.demo.world import RETAILER

INTERCHANGE = 10  # purchase orders in one EDI file
RESENT_EVERY = 25  # so many requests later, a buyer sends one again


@dataclass(slots=True)
class Sent:
    """What was sent and taken: the demo's own evidence, beside the ledgers on disk."""

    total: int = 0
    orders: int = 0
    answered: dict[str, str] = field(default_factory=dict)  # order id → channel/number, of orders by HTTP
    receipts: list[str] = field(default_factory=list)  # of documents
    numbers: dict[str, Order] = field(default_factory=dict)  # number → order, of all that was taken
    resent: int = 0


class Traffic:
    """Sends orders at a steady rate, several at a time."""

    def __init__(self, channel: Channel, rate: float, at_once: int = 8) -> None:
        self.channel, self.rate, self.sent = channel, rate, Sent()
        self._free = asyncio.Semaphore(at_once)
        self._control = 100

    async def send(self, orders: Iterable[Order]) -> None:
        """Send all orders; returns when every one was answered."""
        loop, begun = asyncio.get_running_loop(), asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as tasks:
            for batch in batches(orders):
                await asyncio.sleep(max(0.0, begun + self.sent.total / self.rate - loop.time()))
                self.sent.total += len(batch)
                await self._free.acquire()
                tasks.create_task(self._one(batch))

    async def _one(self, batch: list[Order]) -> None:
        try:
            if batch[0].channel == "edi":
                await self._interchange(batch)
            else:
                await self._order(batch[0])
        finally:
            self._free.release()

    async def _order(self, order: Order) -> None:
        body = documents.http_order(order, datetime.now(UTC))
        for _ in range(2 if documents.hash_of(order.number) % RESENT_EVERY == 0 else 1):
            answer = await self.channel.post("/v1/orders", body, key=f"{order.channel}-{order.number}")
            self.sent.resent += answer["order_id"] in self.sent.answered
            self.sent.answered[answer["order_id"]] = f"{order.channel}/{order.number}"
        self._taken([order])

    async def _interchange(self, batch: list[Order]) -> None:
        self._control += 1
        body = documents.interchange(batch, self._control, datetime.now(UTC))
        path = "/v1/channels/edi/documents"
        answer = await self.channel.document(path, body, "application/edi-x12", key=f"{RETAILER}-{self._control}")
        self.sent.receipts.append(answer["receipt"])
        self._taken(batch)

    def _taken(self, batch: list[Order]) -> None:
        self.sent.orders += len(batch)
        self.sent.numbers |= {order.number: order for order in batch}


def batches(orders: Iterable[Order]) -> Iterator[list[Order]]:
    """Orders as they leave: EDI in interchanges, all others one by one; in the order of their making."""
    waiting: list[Order] = []
    for order in orders:
        if order.channel != "edi":
            yield [order]
            continue
        waiting.append(order)
        if len(waiting) == INTERCHANGE:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


async def stock_the_shelves(channel: Channel, counts: list[dict[str, Any]], size: int = 200) -> None:
    """Send the first counts of every shelf, `size` at a time."""
    remaining = iter(counts)
    while part := list(islice(remaining, size)):
        await channel.post("/v1/inventory/events", part, key=f"first-count-{part[0]['event_id']}")
