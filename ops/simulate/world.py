"""A small world from a seed: a few products with scarce and ample stock, two channels, a few orders and what happens to them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from schemas.generated import reference_v1
from schemas.identity import order_id

TENANT = "acme"
PLACES = ("DC1", "DC2")
SKUS = ("SCARCE", "AMPLE", "NONE-YET")
CHANNELS = ("portal", "market")
BLOCKED = "9999"  # the account that the ERP refuses
Reference = tuple[str, str, Any]  # kind, key, record


@dataclass(frozen=True, slots=True)
class Said:
    """A document as somebody outside sends it."""

    resource: str
    sender: str
    body: Any
    key: str = ""  # of the record; "" = the sender
    channel: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """An order as its buyer means it at first."""

    channel: str
    number: str
    customer: str
    ship_complete: bool
    lines: tuple[tuple[str, int], ...]  # SKU and units

    @property
    def id(self) -> str:
        return order_id(TENANT, self.channel, self.number)

    def document(self, lines: tuple[tuple[str, int], ...] | None = None) -> Said:
        """The order in its channel's words, with other lines where it comes again changed."""
        body = {
            "channel": self.channel, "number": self.number, "customer": self.customer, "currency": "USD",
            "ship_complete": self.ship_complete,
            "lines": [
                {"line": str(place), "product": {"sku": sku}, "quantity": str(units), "unit": "EA"}
                for place, (sku, units) in enumerate(lines or self.lines, start=1)
            ],
        }  # fmt: skip
        return Said("orders", self.channel, body, key=self.id, channel=self.channel)


@dataclass(frozen=True, slots=True)
class World:
    """All that a seed decides beforehand; what warehouse, carrier and finance do follows from what is released."""

    stock: dict[tuple[str, str], int]  # SKU and place → units at the first count
    supply: list[tuple[str, str, int]]  # later receipts: SKU, place, units
    safety: dict[str, int]
    partners: dict[str, dict[str, Any]]
    endpoints: dict[str, float]  # channel → share of deliveries that fail; 1.0 until it is healed
    forgetful: bool  # the ERP makes a document for each create
    storm: float  # share of requests that the ERP answers badly until it is healed
    orders: list[Order]
    script: list[Said] = field(default_factory=list)

    def references(self) -> Iterator[Reference]:
        """Kind, key and record of the world's reference data."""
        for rank, place in enumerate(PLACES):
            yield "location", place, reference_v1.location(code=place, name=place, priority=rank, version=1)
        for name, profile in self.partners.items():
            yield "partner", name, reference_v1.partner(partner=name, channel=name, **profile)
        for sku in SKUS:
            safety = [reference_v1.location_stock(location="DC1", safety=self.safety[sku])]
            buffer = [reference_v1.channel_rule(channel="market", percent_bp=1_000)]
            product = reference_v1.product(sku=sku, base_unit="EA", safety=safety, channels=buffer, version=1)
            yield "product", sku, product
        for channel in self.endpoints:
            url = f"https://{channel}.example/hook"
            yield (
                "subscription",
                f"{channel}|default",
                reference_v1.subscription(channel=channel, name="default", url=url, version=1),
            )


def drawn(seed: int) -> World:
    """The world of a seed."""
    chance = random.Random(f"world {seed}")
    orders = [_order(chance, number) for number in range(chance.randint(1, 3))]
    world = World(
        stock={(sku, place): _units(chance, sku) for sku in SKUS for place in PLACES},
        supply=[
            (chance.choice(SKUS), chance.choice(PLACES), chance.randint(1, 6)) for _ in range(chance.randint(2, 5))
        ],
        safety={sku: chance.choice((0, 0, 1, 2)) for sku in SKUS},
        partners={channel: _profile(chance) for channel in CHANNELS},
        endpoints={channel: chance.choice((0.0, 0.0, 0.4, 1.0)) for channel in CHANNELS if chance.random() < 0.7},
        forgetful=chance.random() < 0.3,
        storm=chance.choice((0.0, 0.0, 0.3, 0.6)),
        orders=orders,
    )
    for order in orders:
        world.script.extend(_life(chance, order))
    return world


def _units(chance: random.Random, sku: str) -> int:
    return {"SCARCE": chance.randint(0, 5), "AMPLE": chance.randint(15, 30), "NONE-YET": 0}[sku]


def _profile(chance: random.Random) -> dict[str, Any]:
    return {
        "numbers_own_orders": True, "currency": "USD", "default_unit": "EA", "backorder": chance.random() < 0.8,
        "changed_resend": chance.choice(("change", "suspect")), "priority": chance.choice((50, 100)), "version": 1,
    }  # fmt: skip


def _order(chance: random.Random, index: int) -> Order:
    wanted = chance.sample(SKUS, chance.choice((1, 1, 2, 3))) + [chance.choice(SKUS)] * (chance.random() < 0.2)
    return Order(
        chance.choice(CHANNELS), f"P-{index}", BLOCKED if chance.random() < 0.08 else "7001", chance.random() < 0.45,
        tuple((sku, chance.randint(1, 5)) for sku in wanted),
    )  # fmt: skip


def _life(chance: random.Random, order: Order) -> Iterator[Said]:
    """What the buyer says of an order, in no order that anybody could rely on."""
    yield order.document()
    if chance.random() < 0.15:
        yield order.document()  # sent again by somebody who does not know that it arrived
    if chance.random() < 0.3:
        yield order.document(tuple((sku, max(1, units + chance.randint(-3, 3))) for sku, units in order.lines))
    if chance.random() < 0.3:
        whole = chance.random() < 0.5
        lines = [] if whole else [{"line": "1", "quantity": chance.randint(1, 3)}]
        yield Said(
            "order-cancel",
            order.channel,
            {"reason": "changed mind", "lines": lines},
            key=order.id,
            channel=order.channel,
            target=order.id,
        )
