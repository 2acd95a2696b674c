"""The worked examples of the domain: each number is literal, each test bears its vector's number."""

from __future__ import annotations

import pytest

from schemas.generated import inventory_v1 as inventory
from tables.inventory.position import buffered, free
from tests.streams.inventory.shelf import Shelf

MINUTE = 60_000
TEN = 1_772_445_600_000  # 2026-03-02T10:00:00Z


def test_V01_free_is_on_hand_less_damaged_less_safety() -> None:
    shelf = Shelf()
    shelf.rules(safety={"DC1": 6})
    shelf.count("DC1", 120, unsellable=4)
    assert (shelf.net("DC1"), shelf.available()) == (116, 110)


def test_V02_holds_lower_net_and_free() -> None:
    shelf = Shelf()
    shelf.rules(safety={"DC1": 6})
    shelf.count("DC1", 120, unsellable=4)
    shelf.reserve("PO-1", {"1": 24})
    shelf.reserve("PO-2", {"1": 36})
    assert (shelf.net("DC1"), shelf.available()) == (56, 50)


def test_V03_safety_alone_never_makes_a_shortage() -> None:
    shelf = Shelf()
    shelf.rules(safety={"DC1": 5})
    shelf.count("DC1", 2)
    assert (shelf.net("DC1"), shelf.shown()["locations"][0]["free"]) == (2, 0)


def test_V04_a_real_shortage_elsewhere_lowers_the_pool() -> None:
    shelf = Shelf(B=3)
    shelf.reserve("PO-1", {"1": 3})
    shelf.allocate("PO-1")
    shelf.count("B", 0)
    shelf.count("A", 50)
    assert (shelf.net("B"), shelf.pool(), shelf.available()) == (-3, 47, 47)


@pytest.mark.parametrize(
    ("pool", "percent_bp", "units", "expected"), [(70, 1000, 0, 63), (15, 500, 0, 14), (150, 0, 10, 140)]
)
def test_V05_a_channel_sees_the_pool_less_its_buffers(pool: int, percent_bp: int, units: int, expected: int) -> None:
    assert buffered(pool, inventory.channel_rule(channel="mkt", percent_bp=percent_bp, units=units)) == expected


def _hold_of_twenty(shelf: Shelf) -> int:
    """A hold of 20 for 900 s; returns when it began."""
    begun = shelf.stage.now + 1
    shelf.reserve("C-1", {"1": 20}, holder_kind="cart", expires_at=begun + 900_000, now=begun)
    return begun


def test_V07_a_hold_is_over_at_its_instant_and_not_before() -> None:
    shelf = Shelf(DC1=100)
    begun = _hold_of_twenty(shelf)
    expiry = shelf.timers["expire|C-1"]
    assert (shelf.available(), expiry.due) == (80, begun + 900_000)
    shelf.send(expiry.type, expiry.record or {}, now=begun + 899_999)
    assert (shelf.available(), shelf.reason()) == (80, "not_due")
    shelf.due("expire|C-1")
    assert shelf.available() == 100


def test_V07_a_shipment_after_the_expiry_is_granted_anew_where_stock_is_free() -> None:
    shelf = Shelf(DC1=100)
    begun = _hold_of_twenty(shelf)
    shelf.due("expire|C-1")
    shelf.ship("C-1", 20, "DC1", at=begun + 899_000, now=begun + 905_000)
    assert (shelf.position("DC1")["on_hand"], shelf.available(), shelf.short()) == (80, 80, 0)


def test_V07_a_shipment_after_the_expiry_is_a_shortfall_where_stock_was_sold_meanwhile() -> None:
    shelf = Shelf(DC1=100)
    begun = _hold_of_twenty(shelf)
    shelf.due("expire|C-1")
    shelf.reserve("PO-9", {"1": 90})
    shelf.ship("C-1", 20, "DC1", at=begun + 899_000, now=begun + 905_000)
    [shortfall] = shelf.facts("inventory.shortfall")
    assert (shortfall["short"], shortfall["holder"], shortfall["line"], shelf.available()) == (10, "C-1", "1", 0)


def test_V08_a_hold_delivered_three_times_is_one_hold() -> None:
    shelf = Shelf(DC1=100)
    for _ in range(3):
        shelf.reserve("PO-1", {"1": 20})
    assert shelf.available() == 80


def test_V09_two_lines_of_one_item_are_checked_together_all_or_nothing() -> None:
    """Medusa 16502: each line alone would fit."""
    shelf = Shelf(DC1=5)
    shelf.reserve("PO-1", {"1": 3, "2": 3}, mode="whole")
    assert (shelf.state(), shelf.available(), shelf.held("PO-1")) == ("refused", 5, 0)


def test_V09_two_lines_of_one_item_get_what_is_there_when_partial() -> None:
    shelf = Shelf(DC1=5)
    shelf.reserve("PO-1", {"1": 3, "2": 3})
    [answer] = shelf.asks("order.stock-answer")
    assert [(line["reserved"], line["missing"]) for line in answer["lines"]] == [(3, 0), (2, 1)]


def test_V10_an_older_snapshot_is_recorded_and_not_applied() -> None:
    shelf = Shelf()
    shelf.count("DC1", 100, sequence=10)
    shelf.report("adjusted", "DC1", -5, sequence=11)
    assert shelf.position("DC1")["on_hand"] == 95
    shelf.count("DC1", 90, sequence=9)
    assert (shelf.position("DC1")["on_hand"], shelf.reason()) == (95, "stale_sequence")
    shelf.count("DC1", 97, sequence=12)
    [drift] = shelf.facts("inventory.drift.detected")
    assert (shelf.position("DC1")["on_hand"], drift["difference"]) == (97, 2)


def _ten_allocated_of_hundred() -> Shelf:
    shelf = Shelf()
    shelf.count("DC1", 100, as_of=TEN - 60 * MINUTE, now=TEN - 60 * MINUTE)
    shelf.reserve("PO-1", {"1": 10})
    shelf.allocate("PO-1")
    return shelf


def test_V11_a_count_that_has_the_goods_gone_is_not_lowered_again_by_the_shipment() -> None:
    shelf = _ten_allocated_of_hundred()
    shelf.count("DC1", 90, as_of=TEN, now=TEN + 2 * MINUTE)
    position = shelf.position("DC1")
    assert (position["on_hand"], position["allocated"], shelf.available()) == (90, 10, 80)
    shelf.ship("PO-1", 10, "DC1", at=TEN - 5 * MINUTE, now=TEN + 5 * MINUTE)
    position = shelf.position("DC1")
    assert (position["on_hand"], position["allocated"], shelf.available()) == (90, 0, 90)


def test_V12_a_count_after_the_shipment_that_it_has_inside_changes_nothing() -> None:
    shelf = _ten_allocated_of_hundred()
    shelf.ship("PO-1", 10, "DC1", at=TEN - 5 * MINUTE, now=TEN - 4 * MINUTE)
    position = shelf.position("DC1")
    assert (position["on_hand"], position["allocated"], shelf.available()) == (90, 0, 90)
    shelf.count("DC1", 90, as_of=TEN, now=TEN + 2 * MINUTE)
    [counted] = shelf.facts("inventory.counted")
    assert (shelf.position("DC1")["on_hand"], counted["drift"], shelf.facts("inventory.drift.detected")) == (90, 0, [])


def test_V13_shipping_a_hold_leaves_what_is_free_as_it_was() -> None:
    shelf = Shelf(DC1=120)
    shelf.reserve("PO-1", {"1": 24})
    before = shelf.available()
    shelf.ship("PO-1", 24, "DC1")
    assert (shelf.position("DC1")["on_hand"], shelf.position("DC1")["reserved"], shelf.available()) == (96, 0, before)


def test_V14_a_slow_location_keeps_its_safety_beside_its_hold() -> None:
    shelf = Shelf()
    shelf.rules(safety={"3PL-A": 5})
    shelf.count("3PL-A", 25)
    shelf.reserve("PO-1", {"1": 10})
    assert shelf.shown()["locations"][0]["free"] == 10


def test_V23_a_copy_from_another_source_is_compared_and_not_added() -> None:
    shelf = Shelf()
    shelf.rules(authorities={"DC1": "wms", "YARD": "erp"})
    shelf.count("DC1", 120)
    shelf.count("YARD", 40, source="erp")
    shelf.count("DC1", 118, source="erp")
    [drift] = shelf.facts("inventory.drift.detected")
    assert (shelf.pool(), drift["difference"], drift["cause"]) == (160, -2, "not_authority")


def test_V25_a_return_is_on_hand_and_its_damaged_part_is_not_for_sale() -> None:
    shelf = Shelf(DC1=0)
    shelf.report("received", "DC1", 2, unsellable=1, reason="return_damaged")
    position = shelf.position("DC1")
    assert (position["on_hand"], position["unsellable"], shelf.available()) == (2, 1, 1)


def test_V26_an_hour_of_movement_adds_up() -> None:
    shelf = Shelf(DC1=550)
    shelf.rules(safety={"DC1": 13}, channels=({"channel": "mkt", "percent_bp": 500},))
    shelf.reserve("OLD", {"1": 50})
    shelf.ship("OLDER", 50, "DC1")  # 500 on hand when the hour begins
    for index in range(40):
        shelf.report("received", "DC1", 25, event_id=f"in-{index}")
    for index in range(30):
        shelf.report("transferred", "DC1", -20, event_id=f"out-{index}")
    for index in range(20):
        shelf.report("transferred", "DC1", 10, event_id=f"back-{index}")
    shelf.report("adjusted", "DC1", -37, event_id="cycle", reason="cycle_count")
    assert (shelf.position("DC1")["on_hand"], shelf.available(), shelf.available("mkt")) == (1_063, 1_000, 950)


def test_V26_a_repeated_movement_counts_once_and_a_late_one_is_marked() -> None:
    shelf = Shelf(DC1=500)
    shelf.report("received", "DC1", 25, event_id="in-1")
    shelf.report("received", "DC1", 25, event_id="in-1")
    assert (shelf.position("DC1")["on_hand"], shelf.reason()) == (525, "duplicate")
    shelf.report("received", "DC1", 25, event_id="in-2", as_of=shelf.stage.now - 120 * MINUTE)
    assert (shelf.position("DC1")["on_hand"], shelf.facts("inventory.received")[0]["late"]) == (550, True)


def test_V29_a_cancel_gives_back_what_was_not_shipped() -> None:
    shelf = Shelf(DC1=5)
    shelf.reserve("PO-1", {"1": 5})
    shelf.allocate("PO-1")
    shelf.ship("PO-1", 3, "DC1")
    shelf.release("PO-1")
    [released] = shelf.facts("inventory.reservation.released")
    assert (released["quantity"], shelf.position("DC1")["on_hand"], shelf.held("PO-1")) == (2, 2, 0)


@pytest.mark.parametrize("first", ["WEB", "MKT"])
def test_V30_the_last_unit_goes_to_exactly_one(first: str) -> None:
    shelf = Shelf(DC1=1)
    second = {"WEB": "MKT", "MKT": "WEB"}[first]
    shelf.reserve(first, {"1": 1}, mode="whole")
    shelf.reserve(second, {"1": 1}, mode="whole")
    assert (shelf.held(first), shelf.held(second), shelf.available()) == (1, 0, 0)


def test_V14_free_of_a_position_as_a_formula() -> None:
    assert free(inventory.position(location="3PL-A", on_hand=25, reserved=10), safety=5) == 10
