"""Thresholds with hysteresis: reached at or below one value, over at or above a higher one, nothing said in between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.generated.inventory_v1 import SetStockRules, Threshold
from schemas.generated.state_inventory_v1 import Sku
from tables.inventory.position import available_to_sell, net

REORDER = "reorder"


def crossing(kind: str, channel: str) -> str:
    """The name under which a SKU remembers that a threshold is in force."""
    return f"{kind}|{channel}"


def cleared_at(threshold: Threshold) -> int:
    """The value from which a threshold is over; always above the one at which it is reached."""
    above = threshold["at"] + 1
    return above if threshold["clear"] is None else max(above, threshold["clear"])


def watched(sku: Sku, threshold: Threshold) -> int:
    """The value that a threshold looks at: what its channel can sell, or what is there and on its way."""
    if threshold["kind"] == REORDER:
        there = sum(net(position) for position in sku["positions"].values())
        return there + sku["incoming"] - sku["waiting"]
    return available_to_sell(sku, threshold["channel"])


def still_watched(crossed: Mapping[str, int], rules: SetStockRules) -> dict[str, int]:
    """What is in force of the thresholds that new rules still have."""
    known = {crossing(each["kind"], each["channel"]) for each in rules["thresholds"]}
    return {name: value for name, value in crossed.items() if name in known}


def crossed(sku: Sku, record: Any) -> Sku:
    """The SKU after a crossing."""
    name = crossing(record["kind"], record["channel"])
    rest = {other: value for other, value in sku["crossed"].items() if other != name}
    return {**sku, "crossed": {**rest, name: record["value"]} if record["in_force"] else rest}
