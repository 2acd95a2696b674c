"""The outside generator: buyers who post orders at a steady rate and repeat each under its key until it is taken."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ops.chaos.market import CHANNELS, HOOK, WAREHOUSES, Market, Order, locations, partners, product
from ops.chaos.warehouse import CHANNEL, SUBSCRIPTION, VIEW
from ops.demo.client import Channel, Refused

AT_ONCE = 12  # requests under way
STATUSES = ["order.*"]
PATIENCE_S, LOOK_S = 180.0, 0.2
NOT_FOUND = 404


class Buyers:
    """Sends one market's orders, and what goes with them.

    quiet  how many orders are kept for the end, when nothing is broken any more
    """

    def __init__(self, channel: Channel, market: Market, rate: float, quiet: int = 0) -> None:
        self.channel, self.market, self.rate, self.quiet = channel, market, rate, quiet
        self.answered = 0
        self._free = asyncio.Semaphore(AT_ONCE)

    @property
    def progress(self) -> float:
        """The part of the orders before the quiet ones that has been answered, 0 to 1."""
        return min(1.0, self.answered / (self.market.count - self.quiet))

    async def work(self) -> None:
        """Send all but the quiet ones; returns when all was answered. raises Refused, TimeoutError"""
        await self._send(0, self.market.count - self.quiet)

    async def go_on(self) -> None:
        """Send the quiet ones too."""
        await self._send(self.market.count - self.quiet, self.market.count)

    async def _send(self, first: int, end: int) -> None:
        loop, begun = asyncio.get_running_loop(), asyncio.get_running_loop().time()
        regrets: dict[int, list[Order]] = {}
        async with asyncio.TaskGroup() as tasks:
            for index, order in enumerate(self.market.orders[first:end], start=first):
                await asyncio.sleep(max(0.0, begun + (index - first) / self.rate - loop.time()))
                if index == self.market.count // 2:
                    tasks.create_task(self._receive())
                await self._free.acquire()
                tasks.create_task(self._place(order))
                if order.cancelled_after:
                    regrets.setdefault(index + order.cancelled_after, []).append(order)
                for regretted in regrets.pop(index, ()):
                    tasks.create_task(self._cancel(regretted))
            for left in regrets.values():
                for regretted in left:
                    tasks.create_task(self._cancel(regretted))

    async def _place(self, order: Order) -> None:
        try:
            await self.channel.post("/v1/orders", order.body, key=order.number)
        finally:
            self._free.release()
        self.answered += 1

    async def _receive(self) -> None:
        if events := self.market.receipts():
            await self.channel.post("/v1/inventory/events", events, key="later-stock")

    async def _cancel(self, order: Order) -> None:
        """Cancel as soon as the order can be seen."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    await self.channel.post(f"/v1/orders/{order.id}/cancel", {}, key=f"cancel-{order.number}")
                    return
                except Refused as refused:
                    if refused.status != NOT_FOUND:
                        raise
                await asyncio.sleep(LOOK_S)


async def open_market(channel: Channel, market: Market, hooks: str) -> dict[str, str]:
    """Reference data, subscriptions and the first counts; returns the secrets of the webhooks, by subscription.

    hooks  URL of the receiver's endpoints, to which the subscription's name is added
    """
    for kind, records in (("locations", locations()), ("partners", partners())):
        for key, record in records.items():
            await channel.put(f"/v1/reference/{kind}/{key}", record)
    for sku in market.products:
        await channel.put(f"/v1/reference/products/{sku}", product(sku))
    secrets: dict[str, str] = {}
    receipts: list[str] = []
    wanted = {(name, HOOK): _hook(f"{hooks}/{name}") for name in CHANNELS} | {(CHANNEL, VIEW): SUBSCRIPTION}
    for (name, view), subscription in wanted.items():
        told = await channel.put(f"/v1/channels/{name}/subscriptions/{view}", subscription)
        secrets |= {name: told["secret"]} if "secret" in told else {}
        receipts.append(told["receipt"])
    for code in WAREHOUSES:
        events = [event for event in market.counts() if event["location"] == code]
        told = await channel.post("/v1/inventory/events", events, key=f"first-count-{code}")
        receipts.append(told["receipt"])
    for receipt in receipts:
        await _decided(channel, receipt)
    return secrets


def _hook(url: str) -> dict[str, Any]:
    return {"url": url, "types": STATUSES, "mode": "every"}


async def _decided(channel: Channel, receipt: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                if (await channel.get(f"/v1/receipts/{receipt}"))["state"] == "accepted":
                    return
            except Refused as refused:
                if refused.status != NOT_FOUND:
                    raise
            await asyncio.sleep(LOOK_S)


def outcomes(ledger: Path) -> dict[str, Counter[str]]:
    """What the ledger says of each key: how often it was sent, and ended as ok, fail or info (nobody knows)."""
    found: dict[str, Counter[str]] = {}
    for entry in _entries(ledger):
        if entry["key"]:
            found.setdefault(entry["key"], Counter())[entry["outcome"]] += 1
    return found


def _entries(ledger: Path) -> Iterator[dict[str, Any]]:
    with ledger.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
