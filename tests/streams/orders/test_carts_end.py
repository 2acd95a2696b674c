"""A hold lives longer, or it ends: by its time, by its owner, or by the order that takes it over."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.generated import orders_v1 as v1
from streams.orders.carts_book import CAP_S, FORGET_MS, GRACE_MS
from tests.streams.orders.counter import ID, Counter, held_counter, line
from tests.streams.orders.shop import held


def test_a_sku_that_says_its_time_is_over_ends_the_hold() -> None:
    counter = held_counter()
    counter.stock("A", state="closed", version=2)
    assert counter.kinds == ["cart.stock.noted", "cart.expired"]
    assert [given["sku"] for given in counter.asks("stock.release")] == ["B"]  # lest an extension keeps it


def test_the_others_of_an_expired_cart_change_nothing_more() -> None:
    counter = held_counter()
    counter.stock("A", state="closed", version=2)
    counter.stock("B", state="closed", version=2)
    assert (counter.kinds, counter.last.asks) == (["cart.stock.noted"], ())


def test_a_sku_that_had_nothing_for_a_partial_cart_does_not_end_it() -> None:
    counter = Counter()
    counter.hold(line("1", "A", 2), line("2", "B", 3), allow_partial=True)
    counter.stock("A", held("1", 2))
    counter.stock("B", held("2", 0, missing=3), state="refused")
    counter.stock("B", state="closed", version=2)
    assert counter.step == "held"


def test_an_end_that_nobody_told_is_stated_a_little_later() -> None:
    counter = held_counter()
    due = counter.cart["expires_at"]
    counter.due("expiry")
    assert (counter.step, counter.stage.now) == ("expired", (due or 0) + GRACE_MS)


def test_an_extension_asks_every_sku_that_holds_something() -> None:
    counter = held_counter()
    counter.extend(1_800, receipt="X/0")
    until = counter.stage.now + 1_800_000
    assert [(asked["sku"], asked["expires_at"]) for asked in counter.asks("stock.extend")] == [
        ("A", until),
        ("B", until),
    ]
    assert (counter.kinds, counter.step) == (["cart.extension.asked"], "held")


def test_it_is_extended_when_all_skus_hold_until_then() -> None:
    counter = held_counter()
    counter.extend(1_800)
    until = counter.cart["wanted"]
    counter.stock("A", held("1", 2), version=2, until=until)
    assert counter.kinds == ["cart.stock.noted"]
    counter.stock("B", held("2", 1), version=2, until=until)
    assert counter.fact("cart.extended")["expires_at"] == counter.cart["expires_at"] == until
    assert counter.timers["cart-expiry"].due == (until or 0) + GRACE_MS


def test_an_extension_that_finds_one_sku_over_ends_the_hold_and_gives_the_rest_back() -> None:
    counter = held_counter()
    counter.extend(1_800)
    until = counter.cart["wanted"]
    counter.stock("A", held("1", 2), version=2, until=until)
    counter.stock("B", state="closed", version=2)
    assert (counter.step, [given["sku"] for given in counter.asks("stock.release")]) == ("expired", ["A"])


def test_an_extension_overtaken_by_another_ends_with_the_newer_time() -> None:
    counter = held_counter()
    counter.extend(1_800)
    first = counter.cart["wanted"]
    counter.extend(3_600)
    second = counter.cart["wanted"]
    for version, until in ((2, first), (3, second)):
        counter.stock("A", held("1", 2), version=version, until=until)
        counter.stock("B", held("2", 1), version=version, until=until)
    assert (counter.fact("cart.extended")["expires_at"], counter.cart["wanted"]) == (second, None)


def test_no_extension_reaches_beyond_four_hours_from_the_beginning() -> None:
    counter = held_counter(expires_in=CAP_S)
    counter.extend(CAP_S)
    assert counter.cart["wanted"] == counter.cart["opened_at"] + CAP_S * 1_000 - GRACE_MS


def test_an_extension_that_a_sku_does_not_answer_is_asked_again() -> None:
    counter = held_counter()
    counter.extend(1_800)
    counter.stock("A", held("1", 2), version=2, until=counter.cart["wanted"])
    counter.due("ask")
    assert [asked["sku"] for asked in counter.asks("stock.extend")] == ["B"]


def test_a_time_that_came_before_all_skus_held_until_then_ends_the_hold() -> None:
    counter = held_counter()
    counter.extend(1)
    counter.due("ask")
    assert (counter.step, len(counter.asks("stock.release"))) == ("expired", 2)


def of_step(step: str) -> Counter:
    """A cart that stands there."""
    counter = Counter()
    if step == "unknown":
        return counter
    counter.hold(line("1", "A", 2))
    match step:
        case "refused":
            counter.stock("A", held("1", 0, missing=2), state="refused")
        case "released":
            counter.release()
        case "expired":
            counter.due("expiry")
        case "taken":
            counter.stock("A", taken_by="order-1")
    return counter


@pytest.mark.parametrize("step", ["unknown", "undecided", "refused", "released", "expired", "taken"])
def test_only_a_live_hold_is_extended_and_the_reason_is_said(step: str) -> None:
    counter = of_step(step)
    counter.extend()
    assert (counter.fact("cart.unchanged")["reason"], counter.last.asks) == (step, ())


def test_a_hold_whose_time_is_over_is_not_extended_though_no_sku_said_so_yet() -> None:
    counter = held_counter()
    counter.extend(now=counter.cart["expires_at"])
    assert (counter.fact("cart.unchanged")["reason"], counter.last.asks) == ("expired", ())


@pytest.mark.parametrize("step", ["unknown", "refused", "released", "expired", "taken"])
def test_what_is_over_is_not_given_back_again(step: str) -> None:
    counter = of_step(step)
    counter.release()
    assert (counter.fact("cart.unchanged")["reason"], counter.last.asks) == (step, ())


@pytest.mark.parametrize("decided", [True, False])
def test_a_release_gives_all_back_whether_it_was_decided_or_not(decided: bool) -> None:
    counter = Counter()
    counter.hold(line("1", "A", 2), line("2", "B", 1))
    if decided:
        counter.stock("A", held("1", 2))
        counter.stock("B", held("2", 1))
    counter.release()
    assert (counter.step, [given["sku"] for given in counter.asks("stock.release")]) == ("released", ["A", "B"])


def test_a_cart_that_an_order_takes_over_ends_as_taken_and_gives_nothing_back() -> None:
    counter = held_counter()
    counter.stock("A", version=2, taken_by="order-1")
    assert (counter.step, counter.cart["order_id"], counter.last.asks) == ("taken", "order-1", ())
    counter.stock("B", version=2, taken_by="order-1")
    assert (counter.kinds, counter.last.asks) == (["cart.stock.noted"], ())


@pytest.mark.parametrize("end", ["released", "expired"])
def test_that_an_order_was_faster_is_stated_also_after_another_end(end: str) -> None:
    counter = held_counter()
    counter.release() if end == "released" else counter.due("expiry")
    counter.stock("A", version=2, taken_by="order-1")
    assert (counter.step, counter.last.asks) == ("taken", ())


def test_a_reservation_that_is_long_over_is_forgotten() -> None:
    counter = held_counter()
    counter.release()
    over = counter.stage.now
    counter.due("forget")
    assert (counter.kinds, dict(counter.rows), counter.stage.now) == (["cart.forgotten"], {}, over + FORGET_MS)


@pytest.mark.parametrize("step", ["ask", "expiry", "forget"])
def test_a_time_that_matters_no_more_changes_nothing(step: str) -> None:
    counter = held_counter()
    counter.release() if step != "forget" else None
    before: Any = dict(counter.rows)
    counter.send("cart.due", v1.cart_due(reservation=ID, step=step))
    assert (counter.kinds, dict(counter.rows)) == (["cart.ignored"], before)
