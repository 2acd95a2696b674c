"""The demo's day of orders: every channel sends in its own way, and all of it survives whatever breaks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from time import monotonic
from typing import Any

from ops.demo import documents
from ops.demo.client import Channel
from ops.demo.orders import Order
from ops.demo.world import RETAILER

INTERCHANGE = 10  # purchase orders in one EDI file
RESENT_EVERY = 25  # one request in about so many is sent again
PAUSE_S = 0.02


@dataclass(slots=True)
class Sent:
    """What was sent and taken: the demo's own evidence, beside the ledgers on disk."""

    begun: dict[str, float] = field(default_factory=dict)  # number → when it was first sent, monotonic seconds
    taken: set[str] = field(default_factory=set)  # numbers of what was answered with 202
    order_ids: set[str] = field(default_factory=set)  # of orders by HTTP
    receipts: int = 0  # of documents
    resent: int = 0

    def begin(self, numbers: Iterable[str]) -> None:
        """These are being sent now."""
        self.begun |= dict.fromkeys(numbers, monotonic())


class Traffic:
    """Sends orders as fast as they are heard of again, several at a time.

    room  whether another order may be on its way: a flood would only wait in the log, and the embedded one is small
    """

    def __init__(self, channel: Channel, room: Callable[[Sent], bool], at_once: int = 8) -> None:
        self.channel, self.room, self.sent = channel, room, Sent()
        self._free = asyncio.Semaphore(at_once)
        self._control = 100

    async def send(self, orders: Iterable[Order]) -> None:
        """Send all orders; returns when every one was answered."""
        async with asyncio.TaskGroup() as tasks:
            for batch in batches(orders):
                await self._free.acquire()
                while not self.room(self.sent):
                    await asyncio.sleep(PAUSE_S)
                self.sent.begin(order.number for order in batch)
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
            self.sent.resent += answer["order_id"] in self.sent.order_ids
            self.sent.order_ids.add(answer["order_id"])
        self.sent.taken.add(order.number)

    async def _interchange(self, batch: list[Order]) -> None:
        self._control += 1
        body = documents.interchange(batch, self._control, datetime.now(UTC))
        path = "/v1/channels/edi/documents"
        await self.channel.document(path, body, "application/edi-x12", key=f"{RETAILER}-{self._control}")
        self.sent.receipts += 1
        self.sent.taken |= {order.number for order in batch}


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
