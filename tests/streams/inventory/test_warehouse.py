"""Stock that goes to the warehouse and out of it: allocate and ship."""

from __future__ import annotations

from schemas.generated import inventory_v1 as inventory
from tests.streams.inventory.shelf import SKU, Shelf, lines


def test_allocating_makes_all_that_is_reserved_firm() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("PO-7", {"1": 4})
    shelf.allocate("PO-7")
    position = shelf.position("DC1")
    [line] = shelf.asks("order.stock-answer")[0]["lines"]
    assert (position["reserved"], position["allocated"], line["allocated"], shelf.available()) == (0, 4, 4, 6)


def test_allocating_twice_is_allocating_once() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("PO-7", {"1": 4})
    shelf.allocate("PO-7", {"1": 4})
    shelf.allocate("PO-7", {"1": 4})
    assert (shelf.position("DC1")["allocated"], shelf.reason()) == (4, "duplicate")


def test_an_allocation_delivered_twice_counts_once() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("PO-7", {"1": 5})
    part = inventory.allocate(sku=SKU, holder="PO-7", attempt=1, lines=lines({"1": 2}))
    shelf.send("stock.allocate", part, id="same")
    shelf.send("stock.allocate", part, id="same")
    assert (shelf.position("DC1")["allocated"], shelf.reason()) == (2, "duplicate")


def test_allocating_more_than_is_held_fails_for_the_rest() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("PO-7", {"1": 4})
    shelf.allocate("PO-7", {"1": 6})
    [failed] = shelf.facts("inventory.allocation.failed")
    assert (shelf.position("DC1")["allocated"], failed["step"], failed["failed"]) == (4, "allocate", 2)


def test_a_closed_attempt_cannot_be_allocated() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("PO-7", {"1": 4})
    shelf.release("PO-7")
    shelf.allocate("PO-7")
    assert (shelf.reason(), shelf.position("DC1")["allocated"]) == ("closed", 0)


def test_a_shipment_takes_hold_and_on_hand_together() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("PO-7", {"1": 4})
    shelf.allocate("PO-7")
    shelf.ship("PO-7", 3, "DC1")
    position = shelf.position("DC1")
    assert (position["on_hand"], position["allocated"], shelf.available()) == (7, 1, 6)


def test_a_shipment_event_counts_once() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("PO-7", {"1": 4})
    shelf.ship("PO-7", 2, "DC1", event_id="e-1")
    shelf.ship("PO-7", 2, "DC1", event_id="e-1")
    assert (shelf.position("DC1")["on_hand"], shelf.held("PO-7"), shelf.reason()) == (8, 2, "duplicate")


def test_goods_that_left_another_location_free_the_one_that_held_them() -> None:
    """Scenario 1, step 10: F-77 was held at DC1 and left from YARD."""
    shelf = Shelf(DC1=50, YARD=40)
    shelf.reserve("F-77", {"1": 24})
    assert shelf.position("DC1")["reserved"] == 24
    shelf.ship("F-77", 24, "YARD")
    assert (shelf.position("DC1")["reserved"], shelf.position("YARD")["on_hand"], shelf.available()) == (0, 16, 66)


def test_goods_that_left_without_a_hold_are_gone_from_what_is_free() -> None:
    shelf = Shelf(DC1=10)
    shelf.ship("DESK-1", 4, "DC1")
    [shipped] = shelf.facts("inventory.reservation.shipped")
    assert (shipped["held"], shipped["unheld"], shelf.available(), shelf.short()) == (0, 4, 6, 0)


def test_goods_that_left_an_empty_location_are_a_shortfall_and_never_a_negative_offer() -> None:
    shelf = Shelf(DC1=3)
    shelf.ship("DESK-1", 5, "DC1", line="9")
    [shortfall] = shelf.facts("inventory.shortfall")
    assert (shortfall["short"], shortfall["line"], shortfall["cause"], shelf.available()) == (2, "9", "stock.ship", 0)


def test_a_shortfall_is_over_when_supply_covers_it() -> None:
    shelf = Shelf(DC1=3)
    shelf.ship("DESK-1", 5, "DC1")
    shelf.report("received", "DC1", 2)
    [shortfall] = shelf.facts("inventory.shortfall")
    assert (shortfall["before"], shortfall["short"]) == (2, 0)


def test_a_backordered_line_that_ships_waits_no_more() -> None:
    shelf = Shelf(DC1=2)
    shelf.reserve("PO-7", {"1": 5}, wait=True)
    shelf.ship("PO-7", 5, "DC1")
    assert (shelf.rows["sku"]["waiting"], shelf.standing("PO-7")["lines"], shelf.short()) == (0, [], 3)


def test_a_count_from_before_a_shipment_keeps_the_shipment() -> None:
    shelf = Shelf(DC1=100)
    begun = shelf.stage.now
    shelf.reserve("PO-7", {"1": 10})
    shelf.ship("PO-7", 10, "DC1", at=begun + 60_000, now=begun + 60_000)
    shelf.count("DC1", 100, as_of=begun + 30_000, now=begun + 90_000)
    [counted] = shelf.facts("inventory.counted")
    assert (counted["merged"], counted["drift"], shelf.position("DC1")["on_hand"]) == (-10, 0, 90)


def test_a_shipment_of_nothing_or_from_nowhere_is_ignored_by_name() -> None:
    shelf = Shelf(DC1=10)
    shelf.ship("PO-7", 0, "DC1")
    assert shelf.reason() == "no_quantity"
    shelf.ship("PO-7", 1, "")
    assert (shelf.reason(), shelf.available()) == ("no_location", 10)


def test_a_shipment_whose_clock_is_ahead_is_taken_as_of_now() -> None:
    shelf = Shelf(DC1=10)
    now = shelf.stage.now + 1
    shelf.ship("PO-7", 1, "DC1", at=now + 10**10, now=now)
    assert shelf.facts("inventory.reservation.shipped")[0]["shipped_at"] == now


def test_an_allocation_that_comes_again_takes_nothing_that_was_reserved_since() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("PO-7", {"1": 2})
    record = inventory.allocate(sku=SKU, holder="PO-7", attempt=2)
    shelf.send("stock.allocate", record, id="same")
    shelf.reserve("PO-7", {"1": 3}, attempt=2)
    shelf.send("stock.allocate", record, id="same")
    assert (shelf.position("DC1")["reserved"], shelf.position("DC1")["allocated"]) == (3, 2)
