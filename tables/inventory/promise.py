"""Available to promise by date, and which supply serves which demand.

ATP(d) = min over all t >= d of (supply due by t - demand due by t)        a promise never takes from a later one

Two ways to match: first-ETA, where the oldest demand takes the earliest supply, and closest-ETA, where a demand takes
the latest supply that still meets its date, so that stock at hand stays for who needs it at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import Position, Promise, Supply
from schemas.generated.state_inventory_v1 import Sku
from tables.inventory.matrix import ONHAND, Matrix, matrix_of, may_consume
from tables.inventory.position import available_to_sell, rule_of, sourcing
from tables.inventory.supply import to_come

FIRST_ETA, CLOSEST_ETA = "first_eta", "closest_eta"
MOST_PROMISES = 12  # dates told ahead; a buyer asks for the next ones


class Dated(NamedTuple):
    """Units by when they are there, or wanted."""

    due: int
    quantity: int
    name: str = ""
    kind: str = ""


class Match(NamedTuple):
    """So much of a demand is served by a supply, and how late: 0 where it is on time."""

    demand: str
    supply: str
    quantity: int
    late: int


def atp(supply: Iterable[Dated], demand: Iterable[Dated], at: int) -> int:
    """What can be promised for a date; may be negative where later demand is not covered. Cost: O(n log n)."""
    changes: dict[int, int] = {}
    for row in supply:
        changes[row.due] = changes.get(row.due, 0) + row.quantity
    for row in demand:
        changes[row.due] = changes.get(row.due, 0) - row.quantity
    level = sum(units for due, units in changes.items() if due <= at)
    lowest = level
    for due in sorted(due for due in changes if due > at):
        level += changes[due]
        lowest = min(lowest, level)
    return lowest


def by_date(
    sku: Sku, expected: Iterable[Supply], channel: str, dates: Sequence[int], *, demand: str = "ORDER_HOLD"
) -> list[int]:
    """What a channel can be promised for each date: what it would be offered if all had come that is due by then.

    So its buffers, its cap, safety stock and what is kept for others hold then as they do now. Who waits already comes
    first. What is overdue is expected from one moment to the next. Cost: O(supplies log supplies), and per date
    O(channels + locations).
    """
    coming, then = _coming(sku, expected, channel, demand), sku
    found: dict[int, int] = {}
    for date in sorted(set(dates)):
        while coming and (coming[-1]["due"] or 0) <= date:
            then = _come(then, coming.pop())
        found[date] = max(0, available_to_sell(then, channel) - sku["waiting"])
    return [found[date] for date in dates]


def promises(sku: Sku, expected: Iterable[Supply], channel: str) -> list[Promise]:
    """Each moment from which a channel can be promised more than before, the next ones first. Cost: as `by_date`."""
    rows = list(expected)
    dates = sorted({row["due"] for row in rows if row["due"] is not None})[:MOST_PROMISES]
    found, most = list[Promise](), available_to_sell(sku, channel) if dates else 0
    for due, units in zip(dates, by_date(sku, rows, channel, dates), strict=True):
        if units > most:
            found.append(inventory.promise(due=due, quantity=units))
            most = units
    return found


def _coming(sku: Sku, expected: Iterable[Supply], channel: str, demand: str) -> list[Supply]:
    """What the channel may be promised of, the latest first."""
    places, matrix = set(sourcing(sku, rule_of(sku["rules"], channel))), matrix_of(sku["rules"])
    rows = (row for row in expected if row["due"] is not None and row["location"] in places)
    allowed = [row for row in rows if to_come(row) and may_consume(demand, row["kind"], matrix)]
    return sorted(allowed, key=lambda row: -(row["due"] or 0))


def _come(sku: Sku, supply: Supply) -> Sku:
    """The SKU as if the supply had come whole."""
    place = sku["positions"][supply["location"]]
    there: Position = {**place, "on_hand": place["on_hand"] + to_come(supply)}
    return {**sku, "positions": {**sku["positions"], supply["location"]: there}}


def match(supply: Sequence[Dated], demand: Sequence[Dated], mode: str, matrix: Matrix | None = None) -> list[Match]:
    """Which supply serves which demand, demands in the order of their arrival. Cost: O(supplies x demands)."""
    left = {index: row.quantity for index, row in enumerate(supply)}
    matches: list[Match] = []
    for want in demand:
        wanted = want.quantity
        for index in _preferred(supply, want, mode, matrix):
            units = min(wanted, left[index])
            if units:
                matches.append(Match(want.name, supply[index].name, units, max(0, supply[index].due - want.due)))
                left[index], wanted = left[index] - units, wanted - units
    return matches


def _preferred(supply: Sequence[Dated], want: Dated, mode: str, matrix: Matrix | None) -> list[int]:
    kind = want.kind or "ORDER_HOLD"
    allowed = [index for index, row in enumerate(supply) if may_consume(kind, row.kind or ONHAND, matrix)]
    return sorted(allowed, key=lambda index: _preference(supply[index], want, mode))


def _preference(supply: Dated, demand: Dated, mode: str) -> tuple[bool, int]:
    """Smaller goes first: what is on time before what is late; of what is late the earliest."""
    late = supply.due > demand.due
    return late, -supply.due if mode == CLOSEST_ETA and not late else supply.due
