"""What the campaign's buyers want and what lies on the shelves: pure, the same for the same seed.

With ample stock nothing hangs on who is faster, so that a run under faults must end as a calm one does. With scarce
stock half of the products run short, some come in later, and some buyers change their minds.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from schemas.identity import order_id

Json = dict[str, Any]
TENANT = "acme"
COUNTED_AT, AT = "2026-03-02T07:00:00Z", "2026-03-02T08:00:00Z"  # the shelves; all that happens later
FIELD = "field"  # whose orders wait for a word before they go to the warehouse; it never comes
CHANNELS = ("portal", "market", FIELD)
HOOK = "status"  # each channel's subscription with a webhook
WAREHOUSES = ("DC1", "DC2")
PRODUCTS = 24
BLOCKED = "9999"  # the ERP takes no order of this customer
BLOCKED_EVERY, COMPLETE_EVERY, CANCELLED_EVERY = 29, 9, 13
ON_THE_SHELF, STILL_TO_COME = 60, 20  # of a scarce product: per cent of what is wanted of it


class Stock(StrEnum):
    """How much there is of what is wanted."""

    AMPLE = "ample"
    SCARCE = "scarce"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an order."""

    line: str
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Order:
    """An order as its buyer means it."""

    channel: str
    number: str
    customer: str
    lines: tuple[Line, ...]
    ship_complete: bool
    cancelled_after: int = 0  # so many orders later its buyer does not want it any more; 0 = never

    @property
    def id(self) -> str:
        """The order's id in the hub, which its buyer can compute."""
        return order_id(TENANT, self.channel, self.number)

    @property
    def body(self) -> Json:
        """The body of POST /v1/orders."""
        lines = [
            {"line": line.line, "product": {"sku": line.sku}, "quantity": str(line.quantity), "unit": "EA"}
            for line in self.lines
        ]
        return {
            "channel": self.channel, "number": self.number, "customer": self.customer, "currency": "USD",
            "ordered_at": AT, "ship_complete": self.ship_complete, "lines": lines,
        }  # fmt: skip


@dataclass(frozen=True)
class Market:
    """One campaign's demand and supply."""

    stock: Stock
    count: int
    seed: int = 1
    orders: tuple[Order, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "orders", tuple(_orders(self.count, self.seed, self.stock)))

    @property
    def products(self) -> list[str]:
        """All SKUs."""
        return [f"SKU-{index:02d}" for index in range(PRODUCTS)]

    @cached_property
    def demand(self) -> Counter[str]:
        """Units wanted of each SKU in all."""
        wanted: Counter[str] = Counter()
        for order in self.orders:
            wanted.update({line.sku: line.quantity for line in order.lines})
        return wanted

    def short(self, sku: str) -> bool:
        """Whether more is wanted of it than there will be."""
        return self.stock is Stock.SCARCE and self.products.index(sku) % 2 == 0

    def on_shelf(self, sku: str) -> tuple[int, int]:
        """What each warehouse counts of it at the start."""
        wanted = self.demand[sku]
        if not self.short(sku):
            return 2 * wanted + 50, 5
        here = wanted * ON_THE_SHELF // 100
        return here - here // 3, here // 3

    def later(self, sku: str) -> int:
        """What comes in while orders are being sent."""
        return self.demand[sku] * STILL_TO_COME // 100 if self.short(sku) else 0

    def supply(self, sku: str) -> int:
        """All that there will ever be of it."""
        return sum(self.on_shelf(sku)) + self.later(sku)

    def counts(self) -> list[Json]:
        """The first count of every shelf, as inventory events."""
        return [
            _event("counted", COUNTED_AT, sku, code, quantity)
            for sku in self.products
            for code, quantity in zip(WAREHOUSES, self.on_shelf(sku), strict=True)
        ]

    def receipts(self) -> list[Json]:
        """What comes in later, as inventory events."""
        return [_event("received", AT, sku, "DC1", self.later(sku)) for sku in self.products if self.later(sku)]


def _event(kind: str, at: str, sku: str, location: str, quantity: int) -> Json:
    source = f"wms-{location.lower()}"
    said = {"kind": kind, "source": source, "as_of": at, "sku": sku, "location": location, "quantity": str(quantity)}
    return {**said, "event_id": f"{kind}-{location}-{sku}"}


def _orders(count: int, seed: int, stock: Stock) -> Iterator[Order]:
    chance = random.Random(seed)
    skus = [f"SKU-{index:02d}" for index in range(PRODUCTS)]
    for index in range(count):
        regretted = stock is Stock.SCARCE and index % CANCELLED_EVERY == 5
        channel = FIELD if regretted else CHANNELS[index % 5 in (1, 3)]
        wanted = sorted(chance.sample(skus, chance.randint(1, 3)))
        lines = tuple(Line(str(place), sku, chance.randint(1, 6)) for place, sku in enumerate(wanted, start=1))
        customer = BLOCKED if index % BLOCKED_EVERY == 7 else str(7001 + chance.randrange(40))
        later = chance.randint(1, 40)
        complete = index % COMPLETE_EVERY == 4
        yield Order(channel, f"N-{index:05d}", customer, lines, complete, later if regretted else 0)


def partners() -> dict[str, Json]:
    """Profiles of the channels."""
    common = {"numbers_own_orders": True, "currency": "USD", "default_unit": "EA"}
    own = {channel: {"channel": channel, "name": channel.title(), **common} for channel in CHANNELS}
    return {**own, FIELD: {**own[FIELD], "release": "hold"}}


def locations() -> dict[str, Json]:
    """The warehouses; the first is drawn from first."""
    return {code: {"name": f"Warehouse {code}", "priority": rank} for rank, code in enumerate(WAREHOUSES)}


def product(sku: str) -> Json:
    """A product as reference data; a third of them keeps a unit back at the first warehouse."""
    safety = [{"location": "DC1", "safety": 1}] if int(sku[-2:]) % 3 == 0 else []
    return {"name": sku.title(), "base_unit": "EA", "safety": safety}
