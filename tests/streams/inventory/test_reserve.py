"""What a reserve is granted, and what it is told."""

from __future__ import annotations

import pytest

from schemas.generated import inventory_v1 as inventory
from tests.streams.inventory.shelf import SKU, Shelf


def test_reserving_twice_holds_once_and_says_the_same() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("PO-7", {"1": 4})
    first = shelf.asks("order.stock-answer")
    shelf.reserve("PO-7", {"1": 4})
    assert (shelf.available(), shelf.asks("order.stock-answer"), shelf.reason()) == (6, first, "duplicate")


def test_the_last_piece_goes_to_whoever_asked_first() -> None:
    shelf = Shelf(DC1=1)
    shelf.reserve("PO-7", {"1": 1})
    shelf.reserve("PO-8", {"1": 1})
    assert (shelf.held("PO-7"), shelf.held("PO-8"), shelf.state()) == (1, 0, "refused")


def test_what_was_refused_stays_refused_when_it_is_asked_again() -> None:
    shelf = Shelf(DC1=0)
    shelf.reserve("PO-7", {"1": 1})
    shelf.count("DC1", 5)
    shelf.reserve("PO-7", {"1": 1})
    assert (shelf.state(), shelf.available()) == ("refused", 5)


def test_a_refusal_names_what_was_asked_and_what_was_free() -> None:
    """Scenario 5, step 10: 400 asked ship complete, 270 free for the channel."""
    shelf = Shelf(WH1=180, WH2=90, **{"3PL": 450})
    shelf.rules(channels=({"channel": "contractors", "locations": ["WH1", "WH2"]},))
    shelf.reserve("P-10", {"1": 400}, mode="whole", channel="contractors")
    [failed] = shelf.facts("inventory.allocation.failed")
    assert (failed["asked"], failed["available"], shelf.held("P-10"), shelf.available("contractors")) == (
        400,
        270,
        0,
        270,
    )


def test_a_reserve_of_a_closed_attempt_is_refused() -> None:
    shelf = Shelf(DC1=10)
    shelf.release("PO-7", attempt=1)
    shelf.reserve("PO-7", {"1": 4}, attempt=1)
    assert (shelf.state(), shelf.available(), shelf.reason()) == ("closed", 10, "closed")


def test_the_attempt_after_a_closed_one_is_granted() -> None:
    shelf = Shelf(DC1=10)
    shelf.release("PO-7", attempt=1)
    shelf.reserve("PO-7", {"1": 4}, attempt=2)
    assert (shelf.state(), shelf.told()) == ("granted", {"1": 4})


def test_an_overtaken_attempt_is_refused() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("PO-7", {"1": 4}, attempt=2)
    shelf.reserve("PO-7", {"1": 4}, attempt=1)
    assert (shelf.state(), shelf.available()) == ("closed", 6)


def test_a_newer_attempt_asks_for_more_beside_what_is_held() -> None:
    shelf = Shelf(DC1=500)
    shelf.reserve("778-1", {"1": 400})
    shelf.reserve("778-1", {"1": 50}, attempt=2)
    assert (shelf.told(), shelf.available()) == ({"1": 450}, 50)


def test_a_newer_attempt_keeps_what_waits_and_forgets_what_was_missed() -> None:
    shelf = Shelf(DC1=6)
    shelf.reserve("PO-7", {"1": 10}, wait=True)
    shelf.reserve("PO-7", {"1": 3}, attempt=2, wait=False)
    [answer] = shelf.asks("order.stock-answer")
    [line] = answer["lines"]
    assert (line["reserved"], line["waiting"], line["missing"]) == (6, 4, 3)
    shelf.reserve("PO-7", {"2": 1}, attempt=3, wait=True)
    [first, second] = shelf.asks("order.stock-answer")[0]["lines"]
    assert (first["waiting"], first["missing"], second["waiting"]) == (4, 0, 1)


def test_a_line_named_twice_wants_both() -> None:
    shelf = Shelf(DC1=10)
    twice = [inventory.reserve_line(line="1", quantity=2), inventory.reserve_line(line="1", quantity=3)]
    shelf.send("stock.reserve", inventory.reserve(sku=SKU, holder="PO-7", attempt=1, channel="portal", lines=twice))
    assert shelf.told() == {"1": 5}


def test_a_channel_cannot_reserve_what_its_buffers_keep_back() -> None:
    shelf = Shelf(DC1=100)
    shelf.rules(channels=({"channel": "mkt", "percent_bp": 1000, "units": 5},))
    shelf.reserve("M-1", {"1": 100}, channel="mkt")
    assert (shelf.told(), shelf.available("mkt"), shelf.available("web")) == ({"1": 85}, 8, 15)


def test_an_excluded_channel_gets_nothing() -> None:
    shelf = Shelf(DC1=100)
    shelf.rules(channels=({"channel": "mkt", "excluded": True},))
    shelf.reserve("M-1", {"1": 1}, channel="mkt")
    assert (shelf.state(), shelf.available("mkt")) == ("refused", 0)


def test_the_location_of_the_lowest_rank_is_drawn_from_first() -> None:
    """Scenario 3: PO-88 takes all of DC-N and the rest from 3PL-A."""
    shelf = Shelf(**{"DC-N": 60, "3PL-A": 25, "3PL-B": 15})
    shelf.rules(priorities={"DC-N": 1, "3PL-A": 2, "3PL-B": 3}, safety={"3PL-A": 5})
    shelf.reserve("PO-88", {"1": 70})
    [answer] = shelf.asks("order.stock-answer")
    assert [tuple(place.values()) for place in answer["lines"][0]["allocations"]] == [("3PL-A", 10, 0), ("DC-N", 60, 0)]
    assert shelf.available() == 25


def test_among_equals_the_location_that_covers_serves() -> None:
    shelf = Shelf(A=3, B=9, C=5)
    shelf.reserve("PO-7", {"1": 8})
    assert shelf.position("B")["reserved"] == 8


def test_nothing_is_granted_while_all_is_short() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("PO-7", {"1": 10})
    shelf.count("DC1", 4)
    shelf.reserve("PO-8", {"1": 1})
    assert (shelf.state(), shelf.available(), shelf.shown()["shortfall"]) == ("refused", 0, 6)


def test_an_order_takes_over_its_cart_in_one_decision() -> None:
    shelf = Shelf(DC1=5)
    shelf.reserve("CART", {"a": 5}, holder_kind="cart")
    shelf.reserve("PO-7", {"1": 3, "2": 1}, from_holder="CART")
    [moved] = shelf.facts("inventory.reservation.transferred")
    assert (moved["quantity"], shelf.told(), shelf.held("CART"), shelf.available()) == (4, {"1": 3, "2": 1}, 1, 0)


def test_a_cart_and_what_is_free_serve_a_whole_demand_together() -> None:
    shelf = Shelf(DC1=5)
    shelf.reserve("CART", {"a": 3}, holder_kind="cart")
    shelf.reserve("PO-7", {"1": 5}, from_holder="CART", mode="whole")
    assert (shelf.state(), shelf.held("PO-7"), shelf.held("CART")) == ("granted", 5, 0)


def test_a_cart_that_was_taken_over_gives_nothing_back_when_it_expires() -> None:
    shelf = Shelf(DC1=5)
    shelf.reserve("CART", {"a": 5}, holder_kind="cart")
    shelf.reserve("PO-7", {"1": 5}, from_holder="CART")
    shelf.due("expire|CART")
    assert (shelf.held("PO-7"), shelf.available()) == (5, 0)


@pytest.mark.parametrize(("asked", "granted"), [(None, 15 * 60_000), (60_000, 60_000), (10**9, 4 * 3_600_000)])
def test_a_cart_holds_a_quarter_of_an_hour_or_what_it_says_up_to_four(asked: int | None, granted: int) -> None:
    shelf = Shelf(DC1=5)
    now = shelf.stage.now + 1
    shelf.reserve("CART", {"a": 5}, holder_kind="cart", expires_at=None if asked is None else now + asked, now=now)
    assert shelf.timers["expire|CART"].due == now + granted


def test_a_longer_hold_is_not_ended_by_its_first_timer() -> None:
    shelf = Shelf(DC1=5)
    now = shelf.stage.now + 1
    shelf.reserve("CART", {"a": 5}, holder_kind="cart", expires_at=now + 1000, now=now)
    first = shelf.timers["expire|CART"]
    shelf.reserve("CART", {}, attempt=2, holder_kind="cart", expires_at=now + 5000, now=now + 500)
    shelf.send(first.type, first.record or {}, now=now + 1000)
    assert (shelf.reason(), shelf.held("CART"), shelf.timers["expire|CART"].due) == ("not_due", 5, now + 5000)


def test_an_expired_hold_never_revives() -> None:
    shelf = Shelf(DC1=5)
    shelf.reserve("CART", {"a": 5}, holder_kind="cart")
    shelf.due("expire|CART")
    shelf.reserve("CART", {"a": 5}, holder_kind="cart")
    assert (shelf.state(), shelf.available()) == ("closed", 5)


def test_a_reserve_of_nothing_is_granted_and_holds_nothing() -> None:
    shelf = Shelf(DC1=5)
    shelf.reserve("PO-7", {"1": 0, "2": -3})
    assert (shelf.state(), shelf.available(), len(shelf.facts("inventory.reserved"))) == ("granted", 5, 1)


def test_a_sku_that_nobody_counted_has_nothing_to_give() -> None:
    shelf = Shelf()
    shelf.reserve("PO-7", {"1": 1})
    assert (shelf.state(), shelf.shown()["default_quantity"]) == ("refused", 0)


def test_names_with_bars_do_not_meet() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("A|B", {"C": 1})
    shelf.reserve("A", {"B|C": 2})
    assert (shelf.held("A|B"), shelf.held("A")) == (1, 2)


def test_lines_of_one_request_share_what_the_buffer_leaves() -> None:
    shelf = Shelf(DC1=10)
    shelf.rules(channels=({"channel": "mkt", "units": 4},))
    shelf.reserve("M-1", {"1": 5, "2": 5}, channel="mkt")
    assert shelf.told() == {"1": 5, "2": 1}


def test_a_cart_hears_until_when_it_is_held_and_what_its_channel_could_still_have() -> None:
    shelf = Shelf(DC1=5)
    now = shelf.stage.now + 1
    shelf.reserve("CART", {"a": 3}, holder_kind="cart", expires_at=now + 60_000, now=now)
    [told] = shelf.asks("cart.stock-answer")
    assert (told["reservation"], told["state"], told["expires_at"], told["available"]) == ("CART", "granted", now + 60_000, 2)  # fmt: skip
    assert shelf.asks("order.stock-answer") == []


def test_a_cart_hears_which_order_took_its_stock_over() -> None:
    shelf = Shelf(DC1=5)
    shelf.reserve("CART", {"a": 5}, holder_kind="cart")
    shelf.reserve("PO-7", {"1": 3}, from_holder="CART")
    [told] = shelf.asks("cart.stock-answer")
    assert (told["taken_by"], [line["reserved"] for line in told["lines"]]) == ("PO-7", [2])


def test_a_cart_whose_order_cannot_have_it_whole_hears_nothing() -> None:
    shelf = Shelf(DC1=5)
    shelf.reserve("CART", {"a": 5}, holder_kind="cart")
    shelf.reserve("PO-7", {"1": 6}, from_holder="CART", mode="whole")
    assert (shelf.asks("cart.stock-answer"), shelf.held("CART")) == ([], 5)


def test_nobody_takes_over_what_another_order_holds() -> None:
    shelf = Shelf(DC1=5)
    shelf.reserve("PO-1", {"1": 5})
    shelf.reserve("PO-2", {"1": 5}, from_holder="PO-1")
    assert (shelf.held("PO-1"), shelf.held("PO-2"), shelf.state()) == (5, 0, "refused")


def test_a_closed_cart_that_asks_is_told_so_in_its_own_words() -> None:
    shelf = Shelf(DC1=5)
    shelf.release("CART")
    shelf.reserve("CART", {"a": 3}, holder_kind="cart")
    assert (shelf.asks("cart.stock-answer")[0]["state"], shelf.available()) == ("closed", 5)
