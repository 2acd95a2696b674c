"""Allocation policy as data, per channel: where from, in how many parts, how much, and who may wait."""

from __future__ import annotations

from typing import Any

import pytest

from tests.streams.inventory.shelf import Shelf


def shelf_with(rule: dict[str, Any], **on_hand: int) -> Shelf:
    """A shelf whose portal has this rule; location A ranks before B, B before C."""
    shelf = Shelf(**on_hand)
    shelf.rules(channels=({"channel": "portal", **rule},), priorities={"A": 1, "B": 2, "C": 3})
    return shelf


def places(shelf: Shelf, holder: str = "PO-1") -> dict[str, int]:
    return {row["location"]: row["reserved"] for name, row in shelf.rows.items() if name.startswith(f"hold|{holder}|")}


def test_locations_serve_by_their_rank() -> None:
    shelf = shelf_with({}, A=3, B=9)
    shelf.reserve("PO-1", {"1": 5})
    assert places(shelf) == {"A": 3, "B": 2}


def test_a_channel_may_rank_locations_for_itself() -> None:
    shelf = shelf_with({"priorities": {"B": 0}}, A=3, B=9)
    shelf.reserve("PO-1", {"1": 5})
    assert places(shelf) == {"B": 5}


def test_one_location_that_covers_a_line_goes_before_a_better_rank() -> None:
    shelf = shelf_with({"one_location": True}, A=3, B=9, C=9)
    shelf.reserve("PO-1", {"1": 5})
    assert places(shelf) == {"B": 5}


def test_where_no_location_covers_a_line_it_is_spread_all_the_same() -> None:
    shelf = shelf_with({"one_location": True}, A=3, B=4)
    shelf.reserve("PO-1", {"1": 5})
    assert places(shelf) == {"A": 3, "B": 2}


def test_a_line_that_may_not_be_split_gets_what_one_location_has() -> None:
    shelf = shelf_with({"split": False}, A=3, B=4)
    shelf.reserve("PO-1", {"1": 5})
    assert (places(shelf), shelf.state()) == ({"B": 4}, "partial")


def test_what_an_unsplit_line_waits_for_comes_from_where_it_is_held() -> None:
    shelf = shelf_with({"split": False}, A=3, B=4)
    shelf.reserve("PO-1", {"1": 5}, wait=True)
    shelf.report("received", "A", 9)
    assert places(shelf) == {"B": 4}
    shelf.report("received", "B", 9)
    assert places(shelf) == {"B": 5}


def test_a_line_that_may_be_neither_split_nor_partial_gets_nothing_that_one_location_cannot_cover() -> None:
    shelf = shelf_with({"split": False, "partial": False}, A=3, B=4)
    shelf.reserve("PO-1", {"1": 5, "2": 4})
    assert places(shelf) == {"B": 4}
    [answer] = shelf.asks("order.stock-answer")
    assert [(line["reserved"], line["missing"]) for line in answer["lines"]] == [(0, 5), (4, 0)]


def test_a_line_that_may_not_be_partial_waits_whole_and_is_served_whole() -> None:
    shelf = shelf_with({"partial": False}, A=3)
    shelf.reserve("PO-1", {"1": 5}, wait=True)
    assert (places(shelf), shelf.rows["sku"]["waiting"]) == ({}, 5)
    shelf.report("received", "A", 1)
    assert places(shelf) == {}
    shelf.report("received", "A", 1)
    assert (places(shelf), shelf.rows["sku"]["waiting"]) == ({"A": 5}, 0)


def test_all_or_nothing_looks_at_the_policy_and_not_only_at_the_sum() -> None:
    shelf = shelf_with({"split": False}, A=3, B=4)
    shelf.reserve("PO-1", {"1": 5}, mode="whole")
    assert (shelf.state(), places(shelf), shelf.available()) == ("refused", {}, 7)


def test_a_ship_complete_holder_is_not_woken_for_stock_that_its_policy_cannot_use() -> None:
    """It would ask, be refused and queue again, for ever."""
    shelf = shelf_with({"split": False}, A=0, B=0)
    shelf.reserve("PO-1", {"1": 5}, mode="whole", wait=True)
    shelf.report("received", "A", 4)
    shelf.report("received", "B", 4)
    assert shelf.asks("order.stock-wake") == []
    shelf.report("received", "B", 1)
    assert len(shelf.asks("order.stock-wake")) == 1


def test_a_cap_limits_what_a_channel_holds_at_a_time() -> None:
    shelf = shelf_with({"cap": 6}, A=10)
    shelf.reserve("PO-1", {"1": 4})
    shelf.reserve("PO-2", {"1": 4})
    assert (shelf.held("PO-2"), shelf.available(), shelf.available("edi")) == (2, 0, 4)
    shelf.ship("PO-1", 4, "A")
    assert shelf.available() == 4


def test_who_waits_below_a_cap_is_served_when_the_channel_gives_back() -> None:
    shelf = shelf_with({"cap": 4}, A=10)
    shelf.reserve("PO-1", {"1": 4})
    shelf.reserve("PO-2", {"1": 3}, wait=True)
    assert shelf.held("PO-2") == 0
    shelf.release("PO-1", {"1": 2})
    assert (shelf.held("PO-2"), shelf.rows["sku"]["queued"], shelf.rows["sku"]["used"]) == (
        2,
        {"portal": 1},
        {"portal": 4},
    )


@pytest.mark.parametrize(
    ("rule", "available"),
    [({"excluded": True}, 0), ({"excluded_locations": ["A"]}, 4), ({"locations": ["A"]}, 3), ({}, 7)],
)
def test_items_and_locations_may_be_excluded(rule: dict[str, Any], available: int) -> None:
    shelf = shelf_with(rule, A=3, B=4)
    assert shelf.available() == available


def test_back_orders_beyond_their_limit_are_missing() -> None:
    shelf = shelf_with({"backorder_limit": 5}, A=1)
    shelf.reserve("PO-1", {"1": 4}, wait=True)
    shelf.reserve("PO-2", {"1": 4, "2": 1}, wait=True)
    [answer] = shelf.asks("order.stock-answer")
    assert [(line["waiting"], line["missing"]) for line in answer["lines"]] == [(2, 2), (0, 1)]
    [failed] = shelf.facts("inventory.allocation.failed")
    assert (failed["failed"], shelf.shown()["channels"][0]["orderable"]) == (3, 0)


def test_a_channel_without_back_orders_queues_nothing() -> None:
    shelf = shelf_with({"backorder_limit": 0}, A=1)
    shelf.reserve("PO-1", {"1": 4}, wait=True)
    assert (shelf.rows["sku"]["waiting"], shelf.held("PO-1"), shelf.facts("inventory.demand.queued")) == (0, 1, [])


def test_a_back_order_that_is_served_makes_room_for_another() -> None:
    shelf = shelf_with({"backorder_limit": 2}, A=0)
    shelf.reserve("PO-1", {"1": 2}, wait=True)
    assert shelf.shown()["channels"][0]["orderable"] == 0
    shelf.report("received", "A", 2)
    assert (shelf.held("PO-1"), shelf.shown()["channels"][0]["orderable"]) == (2, 2)


def test_a_cart_of_one_channel_that_an_order_of_another_takes_over_counts_in_the_orders_cap() -> None:
    shelf = shelf_with({"cap": 5}, A=10)
    shelf.reserve("CART", {"1": 4}, channel="web", holder_kind="cart")
    shelf.reserve("PO-1", {"1": 6}, from_holder="CART", mode="whole")
    assert (shelf.state(), shelf.held("CART"), shelf.held("PO-1")) == ("refused", 4, 0)
    shelf.reserve("PO-1", {"1": 5}, attempt=2, from_holder="CART", mode="whole")
    assert (shelf.state(), shelf.held("CART"), shelf.rows["sku"]["used"]) == ("granted", 0, {"portal": 5})
