"""The worked examples of channels, thresholds and moved holds: each test bears its vector's number."""

from __future__ import annotations

import pytest

from tests.streams.inventory.shelf import Shelf

EDI = {"channel": "edi", "guarantee": 30}
SOLD = ({"channel": "web"}, {"channel": "mkt", "percent_bp": 1000}, EDI)


def offers(shelf: Shelf) -> tuple[int, int, int]:
    return shelf.available("web"), shelf.available("mkt"), shelf.available("edi")


def test_V06_orderable_is_what_can_be_sold_and_what_may_still_wait() -> None:
    shelf = Shelf(DC1=0)
    shelf.rules(channels=({"channel": "portal", "backorder_limit": 5},))
    shelf.reserve("PO-1", {"1": 2}, wait=True)
    [offer] = shelf.shown()["channels"]
    assert (offer["quantity"], offer["orderable"]) == (0, 3)


def test_V18_each_crossing_is_told_once_and_nothing_in_between() -> None:
    shelf = Shelf()
    shelf.rules(thresholds=[{"kind": "low", "channel": "", "at": 10, "clear": 12}])
    told = []
    for value in (15, 10, 11, 12, 9, 13):
        shelf.count("DC1", value)
        told += [(each["crossing"], each["value"]) for each in shelf.facts("inventory.threshold.crossed")]
    assert told == [("low", 10), ("cleared", 12), ("low", 9), ("cleared", 13)]


def test_V21_what_is_guaranteed_to_one_channel_is_not_offered_to_others() -> None:
    shelf = Shelf(DC1=100)
    shelf.rules(channels=SOLD)
    assert offers(shelf) == (70, 63, 100)


def test_V22_guarantees_are_used_up_and_the_last_unit_is_back_ordered() -> None:
    shelf = Shelf(DC1=100)
    shelf.rules(channels=SOLD)
    shelf.reserve("M-1", {"1": 40}, channel="mkt")
    assert offers(shelf) == (30, 27, 60)
    shelf.reserve("W-1", {"1": 25}, channel="web")
    assert offers(shelf) == (5, 4, 35)
    shelf.reserve("E-1", {"1": 36}, channel="edi", wait=True)
    assert (offers(shelf), shelf.held("E-1"), shelf.rows["sku"]["queued"]) == ((0, 0, 0), 35, {"edi": 1})


def _twenty_at_a() -> Shelf:
    shelf = Shelf(A=20, B=15)
    shelf.rules(priorities={"A": 1, "B": 2})
    shelf.reserve("PO-1", {"1": 20})
    return shelf


def test_V24_a_hold_that_does_not_fit_at_the_other_location_stays_where_it_is() -> None:
    shelf = _twenty_at_a()
    shelf.transfer("PO-1", 20, from_location="A", to_location="B")
    [failed] = shelf.facts("inventory.allocation.failed")
    assert (failed["step"], failed["available"], shelf.position("A")["reserved"], shelf.net("B")) == (
        "transfer",
        15,
        20,
        15,
    )


def test_V24_a_hold_that_fits_moves_and_leaves_the_rest() -> None:
    shelf = _twenty_at_a()
    shelf.transfer("PO-1", 15, from_location="A", to_location="B")
    assert (shelf.position("A")["reserved"], shelf.position("B")["reserved"], shelf.held("PO-1")) == (5, 15, 20)


@pytest.mark.parametrize("repeats", [1, 2, 3])
def test_V24_a_move_counts_once_however_often_it_is_delivered(repeats: int) -> None:
    shelf = _twenty_at_a()
    for _ in range(repeats):
        shelf.transfer("PO-1", 5, from_location="A", to_location="B", id="same")
    assert (shelf.position("A")["reserved"], shelf.position("B")["reserved"]) == (15, 5)
