"""How far an observed source may differ, and how long, before a person has to look: reference data per location and source."""

from __future__ import annotations

from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import DriftTolerance, SetStockRules
from tables.inventory.position import WHOLE_BP


def tolerance_of(rules: SetStockRules | None, location: str, source: str) -> DriftTolerance:
    """The source's own tolerance at the location, else that of any source there, else the default.

    Default: the larger of 10 units and 20 % of what is expected (inventory.md §10), for an hour. Cost: O(tolerances).
    """
    found = inventory.drift_tolerance(location=location, source=source)
    for each in rules["tolerances"] if rules else ():
        if each["location"] == location and each["source"] == source:
            return each
        if each["location"] == location and not each["source"]:
            found = each
    return found


def limit(tolerance: DriftTolerance, expected: int) -> int:
    """Units that a drift may have: the larger of units and percent, rounded down."""
    return max(tolerance["units"], abs(expected) * tolerance["percent_bp"] // WHOLE_BP)
