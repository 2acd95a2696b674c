"""The shop's days as the demo plays them: products appear, invoices are orders, C invoices cancel them."""

from __future__ import annotations

import asyncio
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from ops.demo.client import Channel
from ops.demo.day import Stocked, put
from ops.demo.retail.invoices import Bought, Clerk, Invoice
from ops.demo.retail.memory import Memory
from ops.demo.retail.rows import rows
from ops.demo.traffic import PAUSE_S, Sent, stock_the_shelves

HOME = "United Kingdom"
CHANNELS = ("portal", "market")  # orders from home, and from abroad
LOCATION = "DC1"
PLENTY, SCARCE, SCARCE_EVERY = 20_000, 60, 50  # one product in so many has little
AT_ONCE = 8
Day = tuple[str, list[Invoice]]


class RetailDay:
    """As many days of the file as were wanted."""

    def __init__(
        self, channel: Channel, room: Callable[[Sent], bool], path: Path, *, orders: int = 0, days: int = 0
    ) -> None:
        self.channel, self.room, self.path = channel, room, path
        self.limits = (orders, days)
        self.planned = sum(not one.cancels for _, invoices in self._days(Clerk()) for one in invoices)
        self.sent, self.clerk, self.memory = Sent(), Clerk(), Memory()
        self.counted: Counter[str] = Counter()
        self.hot: list[str] = []
        self.facts: Counter[str] = Counter()
        self.stocked: Stocked | None = None
        self._free, self._tasks = asyncio.Semaphore(AT_ONCE), set[asyncio.Task[None]]()

    def _days(self, clerk: Clerk) -> Iterator[Day]:
        orders, days = self.limits
        found = clerk.days(rows(self.path))
        left = orders
        for day, invoices in islice(found, days or None):
            part = invoices if not orders else list(_first(invoices, left))
            left -= sum(not one.cancels for one in part)
            yield day, part
            if orders and left <= 0:
                return

    async def open(self, stocked: Stocked) -> None:
        """One warehouse and two channels; products come with the days."""
        self.stocked = stocked
        await put(self.channel, "locations", [(LOCATION, {"name": "Warehouse", "timezone": "Europe/London"})])
        own = {"numbers_own_orders": True, "currency": "GBP", "default_unit": "EA"}
        await put(self.channel, "partners", [(code, {"channel": code, **own}) for code in CHANNELS])

    async def play(self) -> None:
        """Send day by day; returns when everything was answered."""
        for _, invoices in self._days(self.clerk):
            self.facts["days"] += 1
            await self._set_up(one for one in invoices if not one.cancels)
            for invoice in invoices:
                await (self._cancel(invoice) if invoice.cancels else self._order(invoice))
            await self._answered()

    def report(self) -> dict[str, Any]:
        """What was in the file and what became of it."""
        return {"retail": dict(sorted((self.clerk.counts + self.facts).items())), "products": len(self.counted)}

    async def _set_up(self, invoices: Iterable[Invoice]) -> None:
        """Products that appear today, and what lies on the shelf of each."""
        fresh = {line.code: line for one in invoices for line in one.lines if line.code not in self.counted}
        if not fresh or self.stocked is None:
            return
        await put(self.channel, "products", ((code, product(line)) for code, line in fresh.items()))
        self.counted.update({code: stock_of(code) for code in fresh})
        self.hot += [code for code in fresh if stock_of(code) == SCARCE]
        await stock_the_shelves(self.channel, [count(code) for code in fresh])
        await self.stocked([*fresh])

    async def _order(self, invoice: Invoice) -> None:
        await self._free.acquire()
        while not self.room(self.sent):
            await asyncio.sleep(PAUSE_S)
        self.sent.begin([invoice.number])
        task = asyncio.create_task(self._placed(invoice))
        self._tasks.add(task)

    async def _placed(self, invoice: Invoice) -> None:
        try:
            body = order(invoice)
            answer = await self.channel.post("/v1/orders", body, key=f"{body['channel']}-{invoice.number}")
        finally:
            self._free.release()
        self.memory.ordered(answer["order_id"], invoice)
        self.sent.taken.add(invoice.number)
        self.facts["order_lines"] += len(invoice.lines)

    async def _cancel(self, invoice: Invoice) -> None:
        await self._answered()  # or the order that is meant may not be known yet
        wanted, returned = self.memory.cancelled(invoice)
        self.facts["returns"] += len(returned)
        for order_id, lines in wanted.items():
            body = {"reason": f"invoice {invoice.number}", "lines": _cuts(lines)}
            await self.channel.post(f"/v1/orders/{order_id}/cancel", body, key=f"{invoice.number}-{order_id}")
            self.facts["cancel_requests"] += 1
            self.facts["cancel_lines"] += len(lines)

    async def _answered(self) -> None:
        """What is under way is answered; raises what went wrong."""
        tasks, self._tasks = self._tasks, set()
        await asyncio.gather(*tasks)


def _first(invoices: Iterable[Invoice], orders: int) -> Iterator[Invoice]:
    """Up to so many orders, and the cancellations between them."""
    for invoice in invoices:
        if orders <= 0:
            return
        orders -= not invoice.cancels
        yield invoice


def _cuts(lines: dict[str, int]) -> list[dict[str, str]]:
    return [{"line": line, "quantity": str(quantity)} for line, quantity in lines.items()]


def stock_of(code: str) -> int:
    """Units on the shelf when the product appears: plenty, or for some far too few."""
    return SCARCE if zlib.crc32(code.encode()) % SCARCE_EVERY == 0 else PLENTY


def product(line: Bought) -> dict[str, Any]:
    """The product as reference data."""
    name = "".join(sign for sign in line.description if sign.isprintable())
    return {"name": name, "base_unit": "EA", "price": format(line.price, "f"), "currency": "GBP"}


def count(code: str) -> dict[str, Any]:
    """The first count of its shelf."""
    return {
        "kind": "counted",
        "source": "wms-dc1",
        "sequence": 1,
        "as_of": datetime.now(UTC).isoformat(),
        "sku": code,
        "location": LOCATION,
        "quantity": str(stock_of(code)),
        "event_id": f"count-{code}",
    }


def order(invoice: Invoice) -> dict[str, Any]:
    """The body of POST /v1/orders."""
    return {
        "channel": CHANNELS[invoice.country != HOME],
        "number": invoice.number,
        "customer": invoice.customer,
        "currency": "GBP",
        "ordered_at": invoice.at.isoformat(),
        "ship_to": {"name": f"Customer {invoice.customer}", "city": invoice.country},
        "lines": [
            {"line": str(number), "product": {"sku": line.code}, "quantity": str(line.quantity), "unit": "EA",
             "price": format(line.price, "f")}
            for number, line in enumerate(invoice.lines, start=1)
        ],
    }  # fmt: skip
