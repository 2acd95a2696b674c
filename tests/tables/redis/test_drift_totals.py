"""Drifts are counted by what stands: exceptions apart, and units that nobody can explain whatever their sign."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tables.redis.drift_totals import DriftTotals, totals
from tables.redis.keys import DRIFT_HASHES, all_drifts
from tables.redis.values import tombstone, versioned


def drift(*unexplained: str, exception: bool = False) -> bytes:
    figures: list[Any] = [{"unexplained": units} for units in unexplained]
    return versioned(7, {"exception": exception, "figures": figures})


def test_where_all_agree_there_is_nothing() -> None:
    assert totals([]) == totals([tombstone(3)]) == DriftTotals(0, 0, Decimal(0))


def test_each_drift_counts_once_and_exceptions_are_told_apart() -> None:
    assert totals([drift("0"), drift("0", exception=True)])[:2] == (2, 1)


def test_units_that_lack_do_not_make_up_for_units_too_many() -> None:
    assert totals([drift("-2.5", "1"), drift("1.5")]).unexplained == Decimal("5.0")


def test_all_shares_of_all_tenants_are_looked_at() -> None:
    names = all_drifts(["b", "a"])
    assert (
        len(set(names)) == 2 * DRIFT_HASHES and names[0] == "drift:a:0" and names[-1] == f"drift:b:{DRIFT_HASHES - 1}"
    )
