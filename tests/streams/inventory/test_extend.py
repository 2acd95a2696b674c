"""A live hold lasts until another time; one that is over is not revived."""

from __future__ import annotations

import pytest

from streams.inventory.reserve import CART_CAP_MS
from tests.streams.inventory.shelf import Shelf

MINUTE = 60_000


def held_for_fifteen_minutes() -> tuple[Shelf, int]:
    shelf = Shelf(DC1=5)
    begun = shelf.stage.now + 1
    shelf.reserve("CART", {"1": 5}, holder_kind="cart", now=begun)
    return shelf, begun


def test_an_extended_hold_lives_beyond_its_first_time() -> None:
    shelf, begun = held_for_fifteen_minutes()
    first = shelf.timers["expire|CART"]
    shelf.extend("CART", begun + 40 * MINUTE, now=begun + MINUTE)
    shelf.send(first.type, first.record or {}, now=first.due)
    assert (shelf.reason(), shelf.held("CART")) == ("not_due", 5)
    shelf.due("expire|CART")
    assert (shelf.held("CART"), shelf.stage.now) == (0, begun + 40 * MINUTE)


def test_an_extension_is_a_fact_and_is_answered() -> None:
    shelf, begun = held_for_fifteen_minutes()
    shelf.extend("CART", begun + 40 * MINUTE, now=begun + MINUTE)
    [extended] = shelf.facts("inventory.reservation.extended")
    assert (extended["expires_at"], shelf.told()) == (begun + 40 * MINUTE, {"1": 5})


def test_an_extension_again_changes_nothing() -> None:
    shelf, begun = held_for_fifteen_minutes()
    for _ in range(2):
        shelf.extend("CART", begun + 40 * MINUTE, now=begun + MINUTE)
    assert (shelf.reason(), shelf.timers["expire|CART"].due) == ("duplicate", begun + 40 * MINUTE)


def test_a_hold_may_be_cut_shorter() -> None:
    shelf, begun = held_for_fifteen_minutes()
    shelf.extend("CART", begun + 2 * MINUTE, now=begun + MINUTE)
    assert shelf.timers["expire|CART"].due == begun + 2 * MINUTE


def test_a_cart_holds_no_longer_than_its_cap_however_often_it_is_extended() -> None:
    shelf, begun = held_for_fifteen_minutes()
    for hours in (2, 3, 4, 5):
        shelf.extend("CART", begun + hours * 60 * MINUTE, now=begun + MINUTE)
    assert shelf.timers["expire|CART"].due == begun + CART_CAP_MS


def test_an_expired_hold_is_not_revived() -> None:
    shelf, begun = held_for_fifteen_minutes()
    shelf.due("expire|CART")
    shelf.extend("CART", begun + 60 * MINUTE, now=begun + 16 * MINUTE)
    assert (shelf.reason(), shelf.state(), shelf.available()) == ("closed", "closed", 5)


@pytest.mark.parametrize(("holder", "later", "reason"), [("NOBODY", 1, "nothing_held"), ("CART", -1, "past_expiry")])
def test_a_bad_extension_is_ignored_by_name(holder: str, later: int, reason: str) -> None:
    shelf, begun = held_for_fifteen_minutes()
    shelf.extend(holder, begun + MINUTE + later, now=begun + MINUTE)
    assert (shelf.reason(), shelf.held("CART")) == (reason, 5)


def test_a_cart_that_an_order_took_over_has_nothing_to_extend() -> None:
    shelf, begun = held_for_fifteen_minutes()
    shelf.reserve("PO-1", {"1": 5}, from_holder="CART")
    shelf.extend("CART", begun + 60 * MINUTE, now=begun + MINUTE)
    assert (shelf.reason(), shelf.held("PO-1")) == ("nothing_held", 5)


def test_an_extended_hold_is_ended_by_a_release_and_its_timer_with_it() -> None:
    shelf, begun = held_for_fifteen_minutes()
    shelf.extend("CART", begun + 60 * MINUTE, now=begun + MINUTE)
    shelf.release("CART")
    assert (shelf.available(), shelf.timers) == (5, {})
