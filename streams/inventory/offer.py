"""Which locations serve a demand: by their rank, then the one with most to offer, so that one covers where one can."""

from __future__ import annotations

from schemas.generated.state_inventory_v1 import Sku
from tables.inventory.position import available_to_sell, free_at, rule_of, sourcing

UNRANKED = 100  # reference data's default


class Offer:
    """What a channel can have of a SKU now; taking from it lessens it. Cost: O(locations) to make, and per line."""

    def __init__(self, sku: Sku, channel: str, *, aside: int = 0) -> None:
        self.available = max(0, available_to_sell(sku, channel) - aside)
        self._ranks = sku["rules"]["priorities"] if sku["rules"] else {}
        places = sourcing(sku, rule_of(sku["rules"], channel))
        self._free = {location: units for location in places if (units := free_at(sku, location)) > 0}

    def take(self, quantity: int) -> dict[str, int]:
        """Up to this much, by location; lines of one request take one after the other from the same offer."""
        wanted, taken = min(quantity, self.available), dict[str, int]()
        for location in sorted(self._free, key=self._order):
            units = min(wanted, self._free[location])
            if units:
                taken[location] = units
                self._free[location] -= units
                wanted -= units
        self.available -= sum(taken.values())
        return taken

    def _order(self, location: str) -> tuple[int, int, str]:
        return self._ranks.get(location, UNRANKED), -self._free[location], location
