"""The demo's orders: what four kinds of buyers want, from one seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from ops.demo.world import CHANNELS, Item, items

WEIGHTS = (40, 20, 25, 15)  # per cent of orders by channel
BLOCKED_EVERY = 97  # one order in so many is from the account that does not pay


@dataclass(frozen=True, slots=True)
class Line:
    """What is wanted of a product: in pieces, or in cases of twelve."""

    item: Item
    quantity: int
    cases: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """An order as its buyer means it."""

    channel: str
    number: str
    customer: str
    lines: tuple[Line, ...]
    ship_complete: bool = False


def orders(count: int, seed: int = 7) -> Iterator[Order]:
    """`count` orders over all channels: a few products are wanted far more than there is of them."""
    chance = random.Random(seed)
    shelf = items()
    popularity = list(accumulate(1 / (rank + 1) ** 0.7 for rank in range(len(shelf))))
    for index in range(count):
        channel = chance.choices(CHANNELS, WEIGHTS)[0]
        wanted = {item.sku: item for item in chance.choices(shelf, cum_weights=popularity, k=chance.randint(1, 4))}
        lines = tuple(_line(chance, channel, item) for item in wanted.values())
        customer = "9999" if channel == "portal" and index % BLOCKED_EVERY == 5 else str(7001 + chance.randrange(40))
        yield Order(channel, f"{channel[0].upper()}-{10_000 + index}", customer, lines, chance.random() < 0.03)


def _line(chance: random.Random, channel: str, item: Item) -> Line:
    if channel == "edi":
        return Line(item, chance.randint(1, 2), cases=not item.hot)
    return Line(item, chance.randint(1, 3 if channel == "market" else 8))
