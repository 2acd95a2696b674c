"""Giving back: all and for good, a part, by expiry."""

from __future__ import annotations

from schemas.generated import inventory_v1 as inventory
from tests.streams.inventory.shelf import Shelf


def test_a_release_frees_all_and_closes_the_attempt() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("PO-7", {"1": 4, "2": 3})
    shelf.release("PO-7")
    [released] = shelf.facts("inventory.reservation.released")
    assert (released["quantity"], shelf.available(), shelf.standing("PO-7")["state"]) == (7, 10, "closed")


def test_a_second_release_gives_nothing_back() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("PO-7", {"1": 4})
    shelf.release("PO-7")
    shelf.release("PO-7")
    assert (shelf.available(), shelf.reason()) == (10, "duplicate")


def test_a_release_may_come_before_what_it_releases() -> None:
    shelf = Shelf(DC1=10)
    shelf.release("PO-7", attempt=2)
    [closed] = shelf.facts("inventory.attempt.closed")
    assert closed["standings"][0]["closed"] == 2
    shelf.reserve("PO-7", {"1": 4}, attempt=2)
    assert (shelf.state(), shelf.available()) == ("closed", 10)


def test_a_late_release_of_an_older_attempt_takes_nothing_from_the_newer_one() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("PO-7", {"1": 4}, attempt=2)
    shelf.release("PO-7", attempt=1)
    assert (shelf.held("PO-7"), shelf.standing("PO-7")["closed"]) == (4, 1)


def test_a_part_of_a_line_can_be_given_back() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("PO-7", {"1": 4})
    shelf.release("PO-7", {"1": 3})
    assert (shelf.held("PO-7"), shelf.available()) == (1, 9)


def test_a_partial_release_delivered_twice_counts_once() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("PO-7", {"1": 4})
    shelf.release("PO-7", {"1": 1}, id="same")
    shelf.release("PO-7", {"1": 1}, id="same")
    assert (shelf.held("PO-7"), shelf.reason()) == (3, "duplicate")


def test_what_is_queued_is_given_back_before_what_is_held() -> None:
    shelf = Shelf(DC1=8)
    shelf.reserve("PO-7", {"1": 10}, wait=True)
    shelf.release("PO-7", {"1": 3})
    [released] = shelf.facts("inventory.reservation.released")
    assert (released["withdrawn"], released["quantity"], shelf.held("PO-7"), shelf.rows["sku"]["waiting"]) == (
        2,
        1,
        7,
        0,
    )


def test_what_was_refused_is_not_what_is_given_back() -> None:
    shelf = Shelf(DC1=6)
    shelf.reserve("PO-7", {"1": 10})
    shelf.release("PO-7", {"1": 2})
    assert (shelf.held("PO-7"), shelf.available()) == (4, 2)


def test_a_short_pick_is_taken_from_what_is_with_the_warehouse() -> None:
    shelf = Shelf(DC1=8)
    shelf.reserve("PO-7", {"1": 10}, wait=True)
    shelf.allocate("PO-7")
    line = inventory.release_line(line="1", quantity=1)
    shelf.send(
        "stock.release", {"sku": "DRILL-18V", "holder": "PO-7", "attempt": 1, "lines": [line], "reason": "short_pick"}
    )
    [released] = shelf.facts("inventory.reservation.released")
    assert (released["quantity"], released["withdrawn"]) == (1, 0)


def test_giving_back_what_nobody_holds_changes_nothing() -> None:
    shelf = Shelf(DC1=10)
    shelf.release("PO-7", {"1": 3})
    assert (shelf.reason(), shelf.available()) == ("nothing_held", 10)


def test_what_is_kept_of_a_line_counts_what_left_already() -> None:
    """Eight wanted in all, five left: three stay, whichever of the two the SKU heard first."""
    for left_first in (True, False):
        shelf = Shelf(DC1=10)
        shelf.reserve("PO-7", {"1": 10})
        if left_first:
            shelf.ship("PO-7", 5, "DC1")
        keep = inventory.release_line(line="1", keep=8)
        shelf.send("stock.release", inventory.release(sku="DRILL-18V", holder="PO-7", attempt=1, lines=[keep]))
        if not left_first:
            shelf.ship("PO-7", 5, "DC1")
        assert (shelf.held("PO-7"), shelf.available()) == (3, 2)


def test_a_release_leaves_the_queue() -> None:
    shelf = Shelf(DC1=0)
    shelf.reserve("PO-7", {"1": 5}, wait=True)
    shelf.release("PO-7")
    shelf.count("DC1", 5)
    assert (shelf.held("PO-7"), shelf.available(), shelf.rows["sku"]["waiting"]) == (0, 5, 0)


def test_an_expiry_leaves_what_is_with_the_warehouse() -> None:
    shelf = Shelf(DC1=10)
    now = shelf.stage.now + 1
    shelf.reserve("PO-7", {"1": 4, "2": 3}, expires_at=now + 1000, now=now)
    shelf.allocate("PO-7", {"1": 4})
    shelf.due("expire|PO-7")
    assert (shelf.held("PO-7"), shelf.position("DC1")["allocated"], shelf.state()) == (4, 4, "closed")


def test_an_expiry_that_was_released_before_does_nothing() -> None:
    shelf = Shelf(DC1=10)
    now = shelf.stage.now + 1
    shelf.reserve("PO-7", {"1": 4}, expires_at=now + 1000, now=now)
    timer = shelf.timers["expire|PO-7"]
    shelf.release("PO-7")
    assert "expire|PO-7" not in shelf.timers
    shelf.send(timer.type, timer.record or {}, now=now + 1000)
    assert (shelf.reason(), shelf.available()) == ("not_due", 10)


def test_an_expired_hold_frees_its_stock_for_who_waits() -> None:
    shelf = Shelf(DC1=5)
    shelf.reserve("CART", {"a": 5}, holder_kind="cart")
    shelf.reserve("PO-7", {"1": 2}, wait=True)
    shelf.due("expire|CART")
    assert (shelf.held("PO-7"), shelf.available()) == (2, 3)


def test_a_partial_release_that_found_nothing_finds_nothing_when_it_comes_again() -> None:
    shelf = Shelf(DC1=10)
    shelf.release("PO-7", {"1": 2}, id="same")
    shelf.reserve("PO-7", {"1": 4})
    shelf.release("PO-7", {"1": 2}, id="same")
    assert (shelf.reason(), shelf.held("PO-7")) == ("duplicate", 4)
