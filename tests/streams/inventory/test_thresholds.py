"""Low, out, back and reorder point: exactly one event per crossing."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.streams.inventory.shelf import Shelf

LOW = {"kind": "low", "channel": "portal", "at": 3, "clear": 5}
OUT = {"kind": "out", "channel": "portal", "at": 0}
REORDER = {"kind": "reorder", "at": 10, "clear": 15}
PORTAL = ({"channel": "portal"},)


def watched(*thresholds: dict[str, Any], **on_hand: int) -> Shelf:
    shelf = Shelf(**on_hand)
    shelf.rules(thresholds=list(thresholds), channels=PORTAL)
    return shelf


def crossings(shelf: Shelf) -> list[str]:
    return [each["crossing"] for each in shelf.facts("inventory.threshold.crossed")]


def test_selling_the_last_one_tells_that_it_is_out_and_a_receipt_that_it_is_back() -> None:
    shelf = watched(OUT, DC1=2)
    shelf.reserve("PO-1", {"1": 1})
    assert crossings(shelf) == []
    shelf.reserve("PO-2", {"1": 1})
    assert crossings(shelf) == ["out"]
    shelf.report("received", "DC1", 1)
    assert crossings(shelf) == ["back"]


def test_saleable_stock_that_waiting_orders_take_at_once_is_not_back() -> None:
    """Saleor 11637: a receipt is not "back in stock" where all of it goes to who waits."""
    shelf = watched(OUT, DC1=1)
    shelf.reserve("PO-1", {"1": 3}, wait=True)
    shelf.report("received", "DC1", 2)
    assert (crossings(shelf), shelf.held("PO-1")) == ([], 3)


def test_low_and_out_are_two_thresholds_and_each_is_told() -> None:
    shelf = watched(LOW, OUT, DC1=9)
    shelf.reserve("PO-1", {"1": 9})
    assert crossings(shelf) == ["low", "out"]
    shelf.release("PO-1")
    assert crossings(shelf) == ["cleared", "back"]


def test_readers_see_low_as_long_as_it_is_in_force() -> None:
    shelf = watched(LOW, DC1=3)
    statuses = []
    for quantity in (4, 5, 4, 3, 4):
        statuses.append(shelf.shown()["channels"][0]["status"])
        shelf.count("DC1", quantity)
    assert statuses == ["low", "low", "in_stock", "in_stock", "low"]


def test_the_reorder_point_looks_at_what_is_there_and_on_its_way_less_what_waits() -> None:
    shelf = watched(REORDER, DC1=12)
    shelf.reserve("PO-1", {"1": 2})
    assert crossings(shelf) == ["reorder"]
    shelf.announce("PO-77", 5, due=10**13)
    assert crossings(shelf) == ["replenished"]
    shelf.reserve("PO-2", {"1": 14}, wait=True)
    assert crossings(shelf) == ["reorder"]


def test_of_a_sku_that_nobody_has_reported_nothing_is_said() -> None:
    shelf = watched(LOW, OUT, REORDER)
    assert crossings(shelf) == []
    shelf.count("DC1", 4)
    assert crossings(shelf) == ["reorder"]


def test_a_threshold_that_comes_while_it_is_met_is_told_once() -> None:
    shelf = Shelf(DC1=2)
    shelf.rules(thresholds=[LOW], channels=PORTAL)
    assert crossings(shelf) == ["low"]
    shelf.rules(thresholds=[LOW], channels=PORTAL)
    assert crossings(shelf) == []


def test_a_threshold_that_is_taken_away_is_forgotten() -> None:
    shelf = watched(LOW, DC1=2)
    shelf.rules(thresholds=[], channels=PORTAL)
    assert (shelf.rows["sku"]["crossed"], shelf.shown()["channels"][0]["status"]) == ({}, "in_stock")
    shelf.rules(thresholds=[LOW], channels=PORTAL)
    assert crossings(shelf) == ["low"]


def test_a_clearing_value_below_the_threshold_means_just_above_it() -> None:
    shelf = watched({**LOW, "clear": 1}, DC1=3)
    shelf.count("DC1", 4)
    assert crossings(shelf) == ["cleared"]


@given(st.lists(st.integers(0, 9), max_size=30), st.integers(0, 6), st.integers(0, 3))
def test_whatever_a_value_does_crossings_alternate_and_only_happen_at_their_limits(
    values: list[int], at: int, above: int
) -> None:
    shelf = Shelf()
    shelf.rules(thresholds=[{"kind": "low", "channel": "", "at": at, "clear": at + 1 + above}])
    told: list[tuple[str, int]] = []
    for value in values:
        shelf.count("DC1", value)
        told += [(each["crossing"], each["value"]) for each in shelf.facts("inventory.threshold.crossed")]
    assert [word for word, _ in told] == [("low", "cleared")[index % 2] for index in range(len(told))]
    assert all(value <= at if word == "low" else value > at + above for word, value in told)
