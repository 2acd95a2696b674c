"""Which locations serve a demand: the channel's allocation policy, which is data (ADR 0063).

Locations come by their rank for the channel, else for the SKU, then the one with most to offer, so that one covers
where one can. `one_location` lets a location that covers a line alone go before a better rank; without `split` a line
is served from one location, and what it waits for comes from there too; without `partial` it is served whole or not.
"""

from __future__ import annotations

from collections.abc import Iterable

from schemas.generated import inventory_v1 as inventory
from schemas.generated.state_inventory_v1 import Hold, Sku
from tables.inventory.position import available_to_sell, free_at, rule_of, sourcing

UNRANKED = 100  # reference data's default


class Offer:
    """What a channel can have of a SKU now; taking from it lessens it. Cost: O(locations) to make, and per line."""

    def __init__(self, sku: Sku, channel: str, *, aside: int = 0) -> None:
        self.available = max(0, available_to_sell(sku, channel) - aside)
        rule = rule_of(sku["rules"], channel)
        self._policy = rule or inventory.channel_rule(channel=channel)
        self._ranks = {**(sku["rules"]["priorities"] if sku["rules"] else {}), **self._policy["priorities"]}
        self._free = {place: units for place in sourcing(sku, rule) if (units := free_at(sku, place)) > 0}

    def take(self, quantity: int, held: Iterable[Hold] = ()) -> dict[str, int]:
        """Up to this much, by location; lines of one request take one after the other from the same offer.

        held  the ledger rows that the line has already
        """
        taken = self._spread(min(quantity, self.available), {row["location"] for row in held})
        if sum(taken.values()) < quantity and not self._policy["partial"]:
            return {}
        for location, units in taken.items():
            self._free[location] -= units
        self.available -= sum(taken.values())
        return taken

    def fits(self, quantities: Iterable[int]) -> bool:
        """Whether all of these lines can be had whole; takes them."""
        return all(sum(self.take(quantity).values()) == quantity for quantity in quantities)

    def _spread(self, wanted: int, home: set[str]) -> dict[str, int]:
        taken: dict[str, int] = {}
        for location in self._places(wanted, home):
            units = min(wanted, self._free[location])
            if units > 0:
                taken[location] = units
                wanted -= units
        return taken

    def _places(self, wanted: int, home: set[str]) -> list[str]:
        ranked = sorted(self._free, key=self._order)
        alone = [location for location in ranked if self._free[location] >= wanted]
        if not self._policy["split"] and home:
            return [location for location in ranked if location in home]
        if not self._policy["split"]:
            return alone[:1] or sorted(ranked, key=lambda location: -self._free[location])[:1]
        return [*alone[:1], *ranked] if self._policy["one_location"] else ranked

    def _order(self, location: str) -> tuple[int, int, str]:
        return self._ranks.get(location, UNRANKED), -self._free[location], location
