"""The demo's fictional distributor: three warehouses, some 200 products, four channels, their customers and partners.

Everything here is a pure function of nothing: two runs have the same world.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

Body = dict[str, Any]

WAREHOUSES = ("DC1", "DC2", "DC3")
CHANNELS = ("portal", "edi", "market", "field")
SUBSCRIBERS = ("portal", "crm")  # whose webhooks the demo's receivers answer
RETAILER = "RETX"
FAMILIES = ("BOLT", "CABLE", "DRILL", "FUSE", "GASKET", "HINGE", "LAMP", "PUMP", "SEAL", "VALVE")
PER_FAMILY = 20
HOT = 10  # products with far less stock than demand
CASE = 12


@dataclass(frozen=True, slots=True)
class Item:
    """A product of the distributor, with what lies on each shelf at the start (base units)."""

    sku: str
    gtin: str
    price: str  # USD per piece
    stock: tuple[int, int, int]  # by warehouse, in the order of WAREHOUSES

    @property
    def hot(self) -> bool:
        return sum(self.stock) < 200

    @property
    def retailer_part(self) -> str:
        """The number by which the EDI retailer knows it."""
        return f"RX-{self.sku[-3:]}-{self.sku[:2]}"


@cache
def items() -> tuple[Item, ...]:
    """All products; every twentieth is short."""
    made = []
    for index in range(len(FAMILIES) * PER_FAMILY):
        sku = f"{FAMILIES[index % len(FAMILIES)]}-{100 + index // len(FAMILIES):03d}"
        short = index % (len(FAMILIES) * PER_FAMILY // HOT) == 0
        stock = (40, 25, 10) if short else (4_000 + index, 2_500, 1_500)
        made.append(Item(sku, gtin14(541234500000 + index), f"{2 + index % 37}.{index % 10}0", stock))
    return tuple(made)


def gtin14(number: int) -> str:
    """A GTIN-14 with its check digit (GS1 General Specifications, section 7.9)."""
    body = f"{number:013d}"
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(body))
    return f"{body}{-weighted % 10}"


def product(item: Item) -> Body:
    """The product as reference data: cases of twelve, and a buffer for the marketplace."""
    return {
        "name": item.sku.replace("-", " ").title(),
        "base_unit": "EA",
        "gtin": item.gtin,
        "price": item.price,
        "currency": "USD",
        "units": [
            {"unit": "XCS", "numerator": CASE, "denominator": 1},
            {"unit": "DZN", "numerator": 12, "denominator": 1},
        ],
        "safety": [{"location": "DC1", "safety": 2}],
        "channels": [{"channel": "market", "percent_bp": 1_000, "units": 0, "locations": [], "excluded": False}],
    }


def locations() -> dict[str, Body]:
    """The warehouses by code; the first is drawn from first."""
    return {
        code: {"name": f"Warehouse {code}", "timezone": "America/New_York", "priority": rank}
        for rank, code in enumerate(WAREHOUSES)
    }


def partners() -> dict[str, Body]:
    """Profiles of the four channels and of the retailer who sends EDI."""
    own = {
        code: {
            "channel": code,
            "name": code.title(),
            "numbers_own_orders": True,
            "currency": "USD",
            "default_unit": "EA",
        }
        for code in ("portal", "market", "field")
    }
    return {
        **own,
        RETAILER: {
            "channel": "edi",
            "name": "Retail Example",
            "identifiers": [f"ZZ:{RETAILER}"],
            "currency": "USD",
            "unit_aliases": {"CA": "XCS"},
            "priority": 50,
        },
    }


def customers() -> dict[str, Body]:
    """Forty accounts, one of them blocked."""
    made: dict[str, Body] = {str(7001 + index): {"name": f"Customer {7001 + index}"} for index in range(40)}
    return {**made, "9999": {"name": "Customer who does not pay", "status": "blocked"}}


def cross_references() -> list[Body]:
    """The retailer's part numbers."""
    return [
        {"scheme": "buyer_part", "party": RETAILER, "value": item.retailer_part, "sku": item.sku} for item in items()
    ]


def counts(at: str) -> list[Body]:
    """A first count of every shelf by its warehouse, as inventory events."""
    return [
        {
            "kind": "counted",
            "source": f"wms-{code.lower()}",
            "sequence": 1,
            "as_of": at,
            "sku": item.sku,
            "location": code,
            "quantity": str(item.stock[place]),
            "event_id": f"count-{code}-{item.sku}",
        }
        for place, code in enumerate(WAREHOUSES)
        for item in items()
    ]
