"""The formulae of a position and of what a channel may sell.

net  = on hand - unsellable - allocated - reserved        below 0: a real shortage
free = net where net <= 0, else max(0, net - safety)       safety alone never makes a shortage
pool = max(0, sum of free over the channel's locations)    summed first, clipped once
ATS  = max(0, floor(pool * (1 - percent)) - units)         percent in whole basis points, floored once
"""

from __future__ import annotations

from collections.abc import Iterable

from schemas.generated.inventory_v1 import ChannelRule, Position, SetStockRules
from schemas.generated.state_inventory_v1 import Sku

WHOLE_BP = 10_000


def net(position: Position) -> int:
    """What is left after all who have a claim; an early "cleared" may not pass for stock."""
    unsellable = max(0, position["unsellable"])
    return position["on_hand"] - unsellable - position["allocated"] - position["reserved"]


def short(position: Position) -> int:
    """Units that are held beyond what is there."""
    return max(0, -net(position))


def free(position: Position, safety: int) -> int:
    """What the location can offer now; below 0 it has to be covered by others."""
    left = net(position)
    return left if left <= 0 else max(0, left - safety)


def free_at(sku: Sku, location: str) -> int:
    """What one location of the SKU can offer now."""
    return free(sku["positions"][location], safety(sku, location))


def safety(sku: Sku, location: str) -> int:
    """Units not offered at a location."""
    rules = sku["rules"]
    return rules["safety"].get(location, 0) if rules else 0


def rule_of(rules: SetStockRules | None, channel: str) -> ChannelRule | None:
    """The rule of a channel, or None where it has none of its own."""
    return next((rule for rule in rules["channels"] if rule["channel"] == channel), None) if rules else None


def sourcing(sku: Sku, rule: ChannelRule | None) -> list[str]:
    """The known locations a channel may draw from, in the order of their names."""
    chosen = set(rule["locations"]) if rule else set()
    return [location for location in sorted(sku["positions"]) if not chosen or location in chosen]


def pool(sku: Sku, locations: Iterable[str]) -> int:
    """Free stock of these locations together."""
    return max(0, sum(free_at(sku, location) for location in locations))


def buffered(units: int, rule: ChannelRule | None) -> int:
    """What a channel's percentage and unit buffers leave of a pool."""
    if rule is None:
        return units
    if rule["excluded"]:
        return 0
    return max(0, units * (WHOLE_BP - rule["percent_bp"]) // WHOLE_BP - rule["units"])


def available_to_sell(sku: Sku, channel: str) -> int:
    """What a channel can sell now, in base units; never negative. Cost: O(locations)."""
    rule = rule_of(sku["rules"], channel)
    return buffered(pool(sku, sourcing(sku, rule)), rule)


def anything_free(sku: Sku) -> bool:
    """Whether any location could offer anything to anybody."""
    return any(free_at(sku, location) > 0 for location in sku["positions"])
