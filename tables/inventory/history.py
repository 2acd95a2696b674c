"""Movements that a count took into itself, kept on where other sources are observed: an observation is older than the
newest count as a rule, and two figures are compared at one cut, never at two times.

They keep their places in the movement log's window, so that log and history together hold at most as many as the log
alone. Where nobody is observed nothing is kept, and nothing costs anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schemas.generated import state_inventory_v1 as state
from schemas.generated.inventory_v1 import Comparison, StockMove
from schemas.generated.state_inventory_v1 import Observed, Sku
from tables.inventory import names
from tables.inventory.classes import changed
from tables.inventory.movements import Later, inside
from tables.rows import Rows

MOST_SOURCES = 8  # observed at one location of a SKU


def kept(rows: Rows, location: str) -> Iterator[StockMove]:
    """All movements of a location that are still known, those inside its newest count too. Cost: O(window)."""
    for prefix in (names.pasts(location), names.moves(location)):
        for _, move in rows.scan(prefix):
            yield move


def split(rows: Rows, seen: Comparison) -> tuple[list[StockMove], Later]:
    """The movements that an observation has inside, in the order of their time, and the sum of what moved after it."""
    before: list[StockMove] = []
    on_hand, classes = 0, dict[str, int]()
    for move in kept(rows, seen["location"]):
        if inside(move, seen["source"], seen["sequence"], seen["as_of"]):
            before.append(move)
        else:
            on_hand += move["on_hand"]
            classes = changed(classes, {move["stock_class"]: move["unsellable"]})
    return sorted(before, key=lambda move: move["at"]), Later(on_hand, classes)


def comparisons(rows: Rows, location: str) -> list[Comparison]:
    """What every observed source of a location said last, by source. At most MOST_SOURCES."""
    return [row for _, row in rows.scan(names.comparisons(location))]


def complete_from(sku: Sku, location: str) -> int:
    """Since when all movements of a location are known."""
    watched, position = sku["observed"].get(location), sku["positions"].get(location)
    begun = watched["complete_from"] if watched else (position["counted_as_of"] if position else None) or 0
    return max(begun, sku["forgotten"].get(location, 0))


def compared(sku: Sku, comparison: Comparison) -> tuple[Sku, dict[str, Any]]:
    """The SKU and the rows after a comparison."""
    location = comparison["location"]
    known = sku["observed"].get(location)
    watched: Observed = state.observed(
        complete_from=known["complete_from"] if known else complete_from(sku, location),
        newest=max(known["newest"] if known else 0, comparison["as_of"]),
    )
    observed = sku["observed"] if watched == known else {**sku["observed"], location: watched}
    return {**sku, "observed": observed}, {names.comparison(location, comparison["source"]): comparison}


def ended(sku: Sku, rows: Rows, location: str, source: str) -> tuple[Sku, dict[str, Any]]:
    """The SKU and the rows where a source is observed no more; with the last one the location's history goes too."""
    changes: dict[str, Any] = {names.comparison(location, source): None}
    if any(each["source"] != source for each in comparisons(rows, location)):
        return sku, changes
    observed = {name: each for name, each in sku["observed"].items() if name != location}
    return {**sku, "observed": observed}, {**changes, **{name: None for name, _ in rows.scan(names.pasts(location))}}


def first_counted(sku: Sku, location: str, as_of: int) -> Sku:
    """What was there before the first count nobody can tell."""
    known = sku["observed"][location]
    since: Observed = {**known, "complete_from": max(known["complete_from"], as_of)}
    return {**sku, "observed": {**sku["observed"], location: since}}
