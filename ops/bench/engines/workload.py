"""The events that every engine reads, and what must come of them: the same in every run.

A warehouse reports movements of 100,000 SKUs at four locations. Nothing ever goes below zero, so that wharf's inventory
agent, which never offers less than nothing, comes to the same totals as a plain sum.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import NamedTuple

SEED = 7
SKUS = 100_000
LOCATIONS = ("ATL", "DFW", "ORD", "RNO")
EXPONENT = 1.1
CHUNK = 10_000


class Shape(StrEnum):
    """How events fall on keys."""

    UNIFORM = "uniform"
    ZIPF = "zipf"  # few SKUs have most of the events, as in a warehouse
    TURNS = "turns"  # each SKU in its turn: a batch has as many SKUs as events, however many SKUs there are


COMPARED = (Shape.UNIFORM, Shape.ZIPF)


class Event(NamedTuple):
    """One movement, as a tuple: a million of them are made."""

    number: int  # from 0, over all
    sku: str
    location: str
    kind: str  # received, or adjusted where units go
    quantity: int  # signed


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of an engine reads: the first `events` of a shape."""

    shape: Shape
    events: int
    skus: int = SKUS

    @property
    def name(self) -> str:
        """A word for topics and files."""
        return f"{self.shape}-{self.events}-{self.skus}"


class Total(NamedTuple):
    """What an engine must say of a SKU in the end."""

    version: int  # how many movements: one lost or counted twice shows, even where quantities cancel out
    quantity: int


def events(load: Load) -> Iterator[Event]:
    """The load's events, in order."""
    drawn, held = random.Random(SEED), dict[tuple[int, int], int]()
    for number, sku in zip(range(load.events), _skus(load, random.Random(SEED + 1)), strict=False):
        place = drawn.randrange(len(LOCATIONS))
        quantity = drawn.randrange(1, 50)
        there = held.get((sku, place), 0)
        if quantity <= there and drawn.random() < 0.4:
            quantity = -quantity
        held[sku, place] = there + quantity
        kind = "received" if quantity > 0 else "adjusted"
        yield Event(number, f"SKU-{sku:07}", LOCATIONS[place], kind, quantity)


def totals(load: Load) -> dict[str, Total]:
    """What must come of the load, by SKU."""
    found: dict[str, Total] = {}
    for event in events(load):
        version, quantity = found.get(event.sku, (0, 0))
        found[event.sku] = Total(version + 1, quantity + event.quantity)
    return found


def weights(load: Load) -> Sequence[float]:
    """Cumulative weights of the SKUs."""
    exponent = EXPONENT if load.shape is Shape.ZIPF else 0.0
    return list(accumulate((rank + 1) ** -exponent for rank in range(load.skus)))


def _skus(load: Load, drawn: random.Random) -> Iterator[int]:
    """Endless; a popular SKU's number says nothing, as its rank would."""
    names, cumulative = list(range(load.skus)), weights(load)
    drawn.shuffle(names)
    while load.shape is Shape.TURNS:
        yield from names
    while True:
        yield from drawn.choices(names, cum_weights=cumulative, k=CHUNK)
