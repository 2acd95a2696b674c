"""A cart holds stock for a while: all of it or, where that is enough, what is there."""

from __future__ import annotations

import pytest

from schemas.generated import orders_v1 as v1
from streams.orders.carts_book import CAP_S
from tests.streams.orders.counter import ID, Counter, held_counter, line
from tests.streams.orders.shop import held


def test_each_sku_is_asked_once_for_all_its_lines() -> None:
    counter = Counter()
    counter.hold(line("1", "A", 2), line("2", "B", 1), line("3", "A", 4))
    first, second = counter.asks("stock.reserve")
    assert (first["sku"], [each["quantity"] for each in first["lines"]]) == ("A", [2, 4])
    assert (second["sku"], second["holder"], second["holder_kind"], second["attempt"]) == ("B", ID, "cart", 1)


@pytest.mark.parametrize(("partial", "mode"), [(False, "whole"), (True, "partial")])
def test_a_cart_wants_all_or_what_is_there_and_never_waits(partial: bool, mode: str) -> None:
    counter = Counter()
    counter.hold(line("1", "A", 2), allow_partial=partial)
    [asked] = counter.asks("stock.reserve")
    assert (asked["mode"], asked["wait"]) == (mode, False)


@pytest.mark.parametrize(("asked", "granted"), [(900, 900), (1, 1), (CAP_S, CAP_S), (CAP_S + 1, CAP_S)])
def test_the_skus_are_told_until_when_and_never_beyond_four_hours(asked: int, granted: int) -> None:
    counter = Counter()
    counter.hold(line("1", "A", 2), expires_in=asked)
    assert counter.asks("stock.reserve")[0]["expires_at"] == counter.stage.now + granted * 1_000


def test_nothing_is_decided_before_the_last_sku_has_answered() -> None:
    counter = Counter()
    counter.hold(line("1", "A", 2), line("2", "B", 1))
    counter.stock("A", held("1", 2))
    assert (counter.kinds, counter.step) == (["cart.stock.noted"], "asking")
    counter.stock("B", held("2", 1))
    assert (counter.kinds, counter.step) == (["cart.stock.noted", "cart.held"], "held")


def test_what_is_held_is_told_line_by_line_with_its_places() -> None:
    counter = Counter()
    counter.hold(line("1", "A", 2))
    place = v1.allocation(location="DC1", quantity=2)
    counter.stock("A", held("1", 2, places=(place,)))
    told = counter.fact("cart.held")
    assert told["expires_at"] == counter.cart["expires_at"]
    assert [(each["line"], each["reserved"], each["missing"], each["allocations"]) for each in told["lines"]] == [("1", 2, 0, [place])]  # fmt: skip


def test_where_one_sku_is_short_everything_is_given_back() -> None:
    counter = Counter()
    counter.hold(line("1", "A", 2), line("2", "B", 3))
    counter.stock("A", held("1", 2))
    counter.stock("B", held("2", 0, missing=3), state="refused", available=1)
    told = counter.fact("cart.refused")["lines"]
    assert [(each["line"], each["reserved"], each["missing"], each["available"]) for each in told] == [
        ("1", 0, 0, 2),
        ("2", 0, 3, 1),
    ]
    assert [(given["sku"], given["attempt"], given["lines"]) for given in counter.asks("stock.release")] == [
        ("A", 1, []),
        ("B", 1, []),
    ]
    assert counter.step == "refused" and list(counter.timers) == ["cart-forget"]


def test_a_partial_cart_holds_what_is_there_and_says_what_is_missing() -> None:
    counter = Counter()
    counter.hold(line("1", "A", 2), line("2", "B", 3), allow_partial=True)
    counter.stock("A", held("1", 1, missing=1), state="partial")
    counter.stock("B", held("2", 0, missing=3), state="refused")
    told = counter.fact("cart.held")["lines"]
    assert [(each["reserved"], each["missing"]) for each in told] == [(1, 1), (0, 3)]
    assert counter.asks("stock.release") == []


def test_a_partial_cart_of_which_nothing_is_there_is_refused() -> None:
    counter = Counter()
    counter.hold(line("1", "A", 2), allow_partial=True)
    counter.stock("A", held("1", 0, missing=2), state="refused")
    assert counter.step == "refused"


def test_a_sku_whose_time_was_over_before_the_others_answered_has_nothing() -> None:
    counter = Counter()
    counter.hold(line("1", "A", 2), line("2", "B", 1))
    counter.stock("A", state="closed")
    counter.stock("B", held("2", 1))
    assert (counter.step, counter.fact("cart.refused")["lines"][0]["missing"]) == ("refused", 2)


@pytest.mark.parametrize(("receipt", "reason"), [("R/0", "repeated"), ("R/7", "repeated"), ("Q/0", "other_content")])
def test_the_same_request_again_holds_nothing_more(receipt: str, reason: str) -> None:
    counter = held_counter()
    counter.hold(line("1", "A", 2), line("2", "B", 1), receipt=receipt)
    assert (counter.kinds, counter.fact("cart.unchanged")["reason"], counter.last.asks) == (
        ["cart.unchanged"],
        reason,
        (),
    )


@pytest.mark.parametrize("version", [0, 1])
def test_an_answer_that_is_not_newer_changes_nothing(version: int) -> None:
    counter = held_counter()
    counter.stock("A", held("1", 0), version=version)
    assert (counter.kinds, counter.step) == (["cart.ignored"], "held")


def test_an_answer_of_a_sku_that_the_cart_does_not_want_changes_nothing() -> None:
    counter = held_counter()
    counter.stock("Z", held("1", 1))
    assert counter.kinds == ["cart.ignored"]


def test_a_silent_sku_is_asked_again_and_only_it() -> None:
    counter = Counter()
    counter.hold(line("1", "A", 2), line("2", "B", 1))
    counter.stock("A", held("1", 2))
    counter.due("ask")
    assert [asked["sku"] for asked in counter.asks("stock.reserve")] == ["B"]
    assert "cart-ask" in counter.timers


def test_a_cart_that_was_never_decided_ends_with_its_time_and_gives_all_back() -> None:
    counter = Counter()
    counter.hold(line("1", "A", 2), line("2", "B", 1))
    counter.stock("A", held("1", 2))
    counter.due("expiry")
    assert (counter.step, [given["sku"] for given in counter.asks("stock.release")]) == ("expired", ["A", "B"])


def test_numbers_are_dense() -> None:
    counter = held_counter()
    counter.extend()
    counter.release()
    counter.release()
    told = [record["seq"] for kind, record in counter.told if kind != "cart.ignored"]
    assert told == list(range(1, len(told) + 1))
