"""Classes of stock that is there and not for sale.

They are counted apart because they end apart: quarantined stock is cleared, damaged stock is written off. What is
subtracted from on hand is their sum, so a class told wrongly never makes stock.
"""

from __future__ import annotations

from collections.abc import Mapping

OTHER = "other"  # a count that gives one figure for all classes
CLASSES = frozenset({"damaged", "quarantined", "inspection", "display", OTHER})


def changed(classes: Mapping[str, int], by: Mapping[str, int]) -> dict[str, int]:
    """The classes after a change; a class below 0 waits for its late cause, one that is empty is gone."""
    units = {name: classes.get(name, 0) + by.get(name, 0) for name in [*classes, *(each for each in by)]}
    return {name: units[name] for name in sorted(units) if units[name]}
