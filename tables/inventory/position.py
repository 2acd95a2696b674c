"""The formulae of a position and of what a channel may sell.

net  = on hand - unsellable - allocated - reserved        below 0: a real shortage
free = net where net <= 0, else max(0, net - safety)       safety alone never makes a shortage
pool = max(0, sum of free over the channel's locations)    summed first, clipped once
kept = sum of max(0, guarantee - used) of other channels   used: what a channel holds now
ATS  = max(0, floor((pool - kept) * (1 - percent)) - units), at most cap - used
                                                           percent in whole basis points, floored once

Of a bundle nothing is stocked: what its components make stands for what is left of the pool.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from schemas.generated.inventory_v1 import ChannelRule, Position, SetStockRules
from schemas.generated.state_inventory_v1 import Sku

WHOLE_BP = 10_000
ELSEWHERE = "*"  # a rule for all locations that have none of their own


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
    """Units not offered at a location: the larger of its units and its share of on hand, rounded up."""
    rules = sku["rules"]
    if rules is None:
        return 0
    units = _of_location(rules["safety"], location)
    share_bp = _of_location(rules["safety_bp"], location)
    return max(units, -(-max(0, sku["positions"][location]["on_hand"]) * share_bp // WHOLE_BP)) if share_bp else units


def _of_location(rules: Mapping[str, int], location: str) -> int:
    return rules.get(location, rules.get(ELSEWHERE, 0))


def rule_of(rules: SetStockRules | None, channel: str) -> ChannelRule | None:
    """The rule of a channel, or None where it has none of its own."""
    return next((rule for rule in rules["channels"] if rule["channel"] == channel), None) if rules else None


def sourcing(sku: Sku, rule: ChannelRule | None) -> list[str]:
    """The known locations a channel may draw from, in the order of their names."""
    chosen, excluded = (set(rule["locations"]), set(rule["excluded_locations"])) if rule else (set(), set())
    known = sorted(sku["positions"].keys() - excluded)
    return [location for location in known if not chosen or location in chosen]


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


def guaranteed(sku: Sku) -> dict[str, int]:
    """What is kept for each channel with a guarantee that it has not used up. Cost: O(channels)."""
    ruled = sku["rules"]["channels"] if sku["rules"] else []
    kept = {rule["channel"]: rule["guarantee"] - sku["used"].get(rule["channel"], 0) for rule in ruled}
    return {channel: units for channel, units in kept.items() if units > 0}


def available_to_sell(sku: Sku, channel: str) -> int:
    """What a channel can sell now, in base units; never negative. Cost: O(channels + locations)."""
    return offered(sku, channel, rule_of(sku["rules"], channel), guaranteed(sku))


def offered(sku: Sku, channel: str, rule: ChannelRule | None, kept: Mapping[str, int]) -> int:
    """What a channel can sell now, for who knows its rule and what is kept for whom. Cost: O(locations)."""
    others = sum(kept.values()) - kept.get(channel, 0)
    left = made(sku, channel)[0] if is_bundle(sku) else pool(sku, sourcing(sku, rule)) - others
    units = buffered(max(0, left), rule)
    if rule is None or rule["cap"] is None:
        return units
    return max(0, min(units, rule["cap"] - sku["used"].get(channel, 0)))


def is_bundle(sku: Sku) -> bool:
    """Whether the SKU is made of others."""
    return sku["rules"] is not None and bool(sku["rules"]["components"])


def made(sku: Sku, channel: str) -> tuple[int, str]:
    """Bundles that a channel can have by their components, and the component of which there is least."""
    offer = sku["bundle"]
    if offer is None:
        return 0, ""
    own = next((each for each in offer["channels"] if each["channel"] == channel), None)
    return (own["quantity"], own["limit"]) if own else (offer["default_quantity"], offer["limit"])


def backorder_room(sku: Sku, rule: ChannelRule | None) -> int | None:
    """What may still wait for a channel; None where nothing limits it."""
    if rule is None or rule["backorder_limit"] is None:
        return None
    return max(0, rule["backorder_limit"] - sku["queued"].get(rule["channel"], 0))
