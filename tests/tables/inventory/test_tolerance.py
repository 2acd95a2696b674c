"""The larger of units and percent is tolerated; a source's own rule goes before its location's, and that before the default."""

from __future__ import annotations

import pytest

from schemas.generated import inventory_v1 as inventory
from tables.inventory.tolerance import limit, tolerance_of

RULES = inventory.set_stock_rules(
    sku="S",
    version=1,
    tolerances=[
        inventory.drift_tolerance(location="DC1", source="", units=1),
        inventory.drift_tolerance(location="DC1", source="erp", units=2),
    ],
)


@pytest.mark.parametrize(("location", "source", "units"), [("DC1", "erp", 2), ("DC1", "3pl", 1), ("YARD", "erp", 10)])
def test_whose_tolerance_counts(location: str, source: str, units: int) -> None:
    assert tolerance_of(RULES, location, source)["units"] == units


def test_the_default_is_ten_units_or_a_fifth_for_an_hour() -> None:
    default = tolerance_of(None, "DC1", "erp")
    assert (default["units"], default["percent_bp"], default["for_ms"], default["accept"]) == (10, 2000, 3_600_000, "")


@pytest.mark.parametrize(("expected", "units"), [(0, 10), (54, 10), (55, 11), (1000, 200), (-1000, 200)])
def test_the_larger_of_units_and_percent_is_tolerated(expected: int, units: int) -> None:
    assert limit(tolerance_of(None, "DC1", "erp"), expected) == units
