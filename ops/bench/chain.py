"""From POST to feed: orders at a calm rate through the whole of wharf, timed by an outside client.

An order counts as seen when its status `accepted` is at the client: pushed to its webhook, and pulled in a page of the
channel's default view, which the client asks for again and again, each time waiting for news.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import httpx

from ops.bench.arithmetic import spread
from ops.bench.figures import ChainFigures
from ops.bench.hook import hook
from ops.demo import documents, world
from ops.demo.orders import Order, orders
from ops.running import Running
from schemas.envelope import rfc3339

CHANNEL = "portal"
PATIENCE_S = 30.0
POLL_S = 0.02
WARM_S = 3.0  # of orders that are not counted


@dataclass(slots=True)
class Times:
    """When each order was posted, answered, pushed and pulled, by its id, in seconds of one clock."""

    posted: dict[str, float] = field(default_factory=dict)
    answered: dict[str, float] = field(default_factory=dict)
    pushed: dict[str, float] = field(default_factory=dict)
    pulled: dict[str, float] = field(default_factory=dict)

    def pushes(self, body: dict[str, Any], at: float) -> None:
        """A webhook came."""
        note(self.pushed, body, at)

    def seen(self) -> set[str]:
        """Orders that came by both ways."""
        return self.pushed.keys() & self.pulled.keys()

    def figures(self, per_second: float, skipped: int) -> ChainFigures:
        """Without the first orders, which warm up; raises NothingMeasured."""
        counted = sorted(self.posted, key=self.posted.__getitem__)[skipped:]
        whole = [one for one in counted if one in self.seen()]
        took = [[at[one] - self.posted[one] for one in whole] for at in (self.answered, self.pushed, self.pulled)]
        answered, pushed, pulled = (spread(times) for times in took)
        return ChainFigures(per_second, len(counted), len(counted) - len(whole), answered, pushed, pulled)


def note(times: dict[str, float], entry: dict[str, Any], at: float) -> None:
    """An entry of a view came; only an order's acceptance counts, and the first time it came."""
    data = entry.get("data") or {}
    if entry.get("type") == "order.status.changed" and data.get("status") == "accepted":
        times.setdefault(str(data["order_id"]), at)


def calm_orders(count: int) -> Iterator[Order]:
    """Orders of the portal, for goods that there is enough of, by customers who pay."""
    fit = (one for one in orders(20 * count) if one.customer != "9999" and not any(line.item.hot for line in one.lines))
    small = (one for one in fit if not any(line.cases for line in one.lines))
    return islice(
        (replace(one, channel=CHANNEL, number=f"B-{one.number}", ship_complete=False) for one in small), count
    )


async def furnish(http: httpx.AsyncClient) -> None:
    """Reference data and stock; returns when every product can be read with stock."""
    await _put(http, f"partners/{CHANNEL}", world.partners()[CHANNEL])
    for code, body in world.locations().items():
        await _put(http, f"locations/{code}", body)
    for account, body in world.customers().items():
        await _put(http, f"customers/{account}", body)
    for item in world.items():
        await _put(http, f"products/{item.sku}", world.product(item))
    counted = world.counts(rfc3339(time.time_ns() // 1_000_000))
    for start in range(0, len(counted), 200):
        (await http.post("/v1/inventory/events", json=counted[start : start + 200])).raise_for_status()
    await _stocked(http, [item.sku for item in world.items()])


async def _put(http: httpx.AsyncClient, path: str, body: Any) -> None:
    (await http.put(f"/v1/reference/{path}", json=body)).raise_for_status()


async def _stocked(http: httpx.AsyncClient, skus: Sequence[str]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            answer = await http.post("/v1/availability/query", json={"skus": list(skus)})
            if answer.is_success and sum(item["status"] == "in_stock" for item in answer.json()["items"]) == len(skus):
                return
            await asyncio.sleep(POLL_S)


def client(up: Running) -> httpx.AsyncClient:
    """A client that may do all."""
    headers = {"Authorization": f"Bearer {up.keys['admin']}"}
    return httpx.AsyncClient(base_url=up.gateway, headers=headers, timeout=PATIENCE_S)


async def measure(http: httpx.AsyncClient, per_second: float, seconds: float) -> ChainFigures:
    """Post at this rate for so long; raises NothingMeasured, TimeoutError, httpx.HTTPError."""
    times, skipped = Times(), int(WARM_S * per_second)
    async with hook(times.pushes) as url:
        wish = {"url": url, "types": ["order.*"], "mode": "every"}
        (await http.put(f"/v1/channels/{CHANNEL}/subscriptions/bench", json=wish)).raise_for_status()
        pulling = asyncio.create_task(_pull(http, times))
        await _post_all(http, list(calm_orders(skipped + int(per_second * seconds))), per_second, times)
        with suppress(TimeoutError):
            await _all_seen(times)
        pulling.cancel()
    return times.figures(per_second, skipped)


async def _post_all(http: httpx.AsyncClient, wanted: Sequence[Order], per_second: float, times: Times) -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    async with asyncio.TaskGroup() as tasks:
        for index, order in enumerate(wanted):
            await asyncio.sleep(max(0.0, begun + index / per_second - loop.time()))
            tasks.create_task(_post(http, order, times))


async def _post(http: httpx.AsyncClient, order: Order, times: Times) -> None:
    body = documents.http_order(order, datetime.now(UTC))
    at = time.perf_counter()
    answer = await http.post("/v1/orders", json=body, headers={"Idempotency-Key": f'"{order.number}"'})
    answered = time.perf_counter()
    own = str(answer.raise_for_status().json()["order_id"])
    times.posted[own], times.answered[own] = at, answered


async def _pull(http: httpx.AsyncClient, times: Times) -> None:
    after = 0
    while True:
        answer = await http.get(f"/v1/channels/{CHANNEL}/feed", params={"after": after, "wait": 10})
        at = time.perf_counter()
        for entry in answer.raise_for_status().json()["entries"]:
            note(times.pulled, entry, at)
            after = entry["seq"]


async def _all_seen(times: Times) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while times.posted.keys() - times.seen():
            await asyncio.sleep(POLL_S)
