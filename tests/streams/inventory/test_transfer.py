"""Held stock moves in one step: to another location, another holder, another line."""

from __future__ import annotations

import pytest

from tests.streams.inventory.shelf import Shelf
from tests.streams.inventory.world import check_books


def lines_of(shelf: Shelf, holder: str) -> dict[tuple[str, str], tuple[int, int]]:
    """(line, location) → (reserved, allocated)."""
    rows = (row for name, row in shelf.rows.items() if name.startswith(f"hold|{holder}|"))
    return {(row["line"], row["location"]): (row["reserved"], row["allocated"]) for row in rows}


def test_a_hold_goes_to_another_order_in_one_step() -> None:
    shelf = Shelf(A=5)
    shelf.reserve("PO-1", {"1": 5})
    shelf.transfer("PO-1", 2, to_holder="PO-2", to_line="7", to_attempt=1)
    [moved] = shelf.facts("inventory.reservation.transferred")
    assert (lines_of(shelf, "PO-1"), lines_of(shelf, "PO-2")) == ({("1", "A"): (3, 0)}, {("7", "A"): (2, 0)})
    assert (moved["from_holder"], moved["holder"], moved["quantity"], shelf.available()) == ("PO-1", "PO-2", 2, 0)


def test_both_holders_hear_what_they_have_then() -> None:
    shelf = Shelf(A=5)
    shelf.reserve("PO-1", {"1": 5})
    shelf.transfer("PO-1", 2, to_holder="PO-2", to_attempt=1)
    told = {each["order_id"]: each["lines"][0]["reserved"] for each in shelf.asks("order.stock-answer")}
    assert told == {"PO-1": 3, "PO-2": 2}


def test_what_is_with_one_warehouse_is_with_the_other() -> None:
    shelf = Shelf(A=4, B=4)
    shelf.rules(priorities={"A": 1})
    shelf.reserve("PO-1", {"1": 4})
    shelf.allocate("PO-1", {"1": 3})
    shelf.transfer("PO-1", 3, from_location="A", to_location="B")
    assert lines_of(shelf, "PO-1") == {("1", "A"): (0, 1), ("1", "B"): (1, 2)}
    check_books(shelf)


def test_a_hold_may_go_to_another_holder_at_another_location() -> None:
    shelf = Shelf(A=4, B=4)
    shelf.rules(priorities={"A": 1})
    shelf.reserve("PO-1", {"1": 4})
    shelf.transfer("PO-1", 4, to_holder="PO-2", to_location="B", to_attempt=1)
    assert (lines_of(shelf, "PO-1"), lines_of(shelf, "PO-2"), shelf.net("A")) == ({}, {("1", "B"): (4, 0)}, 4)
    check_books(shelf)


def test_it_comes_from_wherever_the_line_holds_where_nothing_is_said() -> None:
    shelf = Shelf(A=2, B=2, C=9)
    shelf.rules(channels=({"channel": "portal", "priorities": {"A": 1, "B": 2}},))
    shelf.reserve("PO-1", {"1": 4})
    shelf.transfer("PO-1", 3, to_location="C")
    assert lines_of(shelf, "PO-1") == {("1", "B"): (1, 0), ("1", "C"): (3, 0)}


def test_who_waits_gets_what_a_move_frees_for_its_channel() -> None:
    shelf = Shelf(A=4, B=4)
    shelf.rules(priorities={"A": 1}, channels=({"channel": "east", "locations": ["A"]},))
    shelf.reserve("PO-1", {"1": 4})
    shelf.reserve("EAST", {"1": 2}, channel="east", wait=True)
    shelf.transfer("PO-1", 4, to_location="B")
    assert lines_of(shelf, "EAST") == {("1", "A"): (2, 0)}


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"quantity": 0, "to_location": "B"}, "no_quantity"),
        ({}, "same_place"),
        ({"to_location": "B", "attempt": 0}, "closed"),
        ({"to_holder": "CLOSED", "to_attempt": 1}, "closed"),
    ],
)
def test_a_move_that_cannot_be_meant_is_ignored_by_name(more: dict[str, object], reason: str) -> None:
    shelf = Shelf(A=5, B=5)
    shelf.release("CLOSED")
    shelf.reserve("PO-1", {"1": 5})
    shelf.transfer("PO-1", **{"quantity": 1, **more})  # type: ignore[arg-type]
    assert (shelf.reason(), shelf.held("PO-1"), shelf.held("CLOSED")) == (reason, 5, 0)


def test_more_than_the_line_holds_does_not_move_in_part() -> None:
    shelf = Shelf(A=5, B=9)
    shelf.reserve("PO-1", {"1": 3, "2": 2})
    before = lines_of(shelf, "PO-1")
    shelf.transfer("PO-1", 4, to_location="B", from_location="B")
    [failed] = shelf.facts("inventory.allocation.failed")
    assert (failed["step"], failed["failed"], lines_of(shelf, "PO-1")) == ("transfer", 4, before)


def test_a_released_order_cannot_give_what_it_has_not() -> None:
    shelf = Shelf(A=5, B=5)
    shelf.reserve("PO-1", {"1": 5})
    shelf.release("PO-1")
    shelf.transfer("PO-1", 5, to_holder="PO-2", to_attempt=1)
    assert (shelf.reason(), shelf.held("PO-2"), shelf.available()) == ("closed", 0, 10)


def test_channels_hold_what_their_orders_hold_after_a_move() -> None:
    shelf = Shelf(A=5)
    shelf.reserve("PO-1", {"1": 3}, channel="web")
    shelf.reserve("PO-2", {"1": 2}, channel="edi")
    shelf.transfer("PO-1", 3, to_holder="PO-2", to_attempt=1)
    assert shelf.rows["sku"]["used"] == {"edi": 5}


def test_a_move_that_failed_does_not_succeed_when_it_comes_again() -> None:
    shelf = Shelf(A=5)
    shelf.transfer("PO-1", 2, to_holder="PO-2", to_attempt=1, id="same")
    shelf.reserve("PO-1", {"1": 4})
    shelf.transfer("PO-1", 2, to_holder="PO-2", to_attempt=1, id="same")
    assert (shelf.reason(), shelf.held("PO-1"), shelf.held("PO-2")) == ("duplicate", 4, 0)
