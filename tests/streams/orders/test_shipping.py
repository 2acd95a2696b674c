"""Dispatches, milestones and invoices: each counted once."""

from __future__ import annotations

import pytest

from tests.streams.orders.shop import Shop, confirmed_shop, held, item


def test_the_six_messages_of_an_ordinary_order() -> None:
    shop = confirmed_shop(24)
    shop.ship("e1", l1=24)
    shop.milestone("m1", "delivered")
    shop.milestone("m2", "in_transit", late=True)
    shop.invoice("i1", l1=24)
    assert shop.headlines == ["accepted", "confirmed", "released", "shipped", "delivered", "completed"]
    assert [record["status_seq"] for kind, record in shop.told if kind == "order.status.changed"] == [1, 2, 3, 4, 5, 6]
    assert [kind for kind, _ in shop.told].count("order.completed") == 1


def test_a_dispatch_counted_twice_is_counted_once() -> None:
    shop = confirmed_shop(10)
    shop.ship("e1", l1=4)
    shop.ship("e1", l1=4)
    assert (shop.line(), [fact.type for fact in shop.last.facts]) == (
        {"ordered": 10, "released": 6, "shipped": 4},
        ["order.ignored"],
    )


def test_one_shipment_may_leave_in_several_dispatches() -> None:
    shop = confirmed_shop(10)
    shop.ship("e1", l1=4)
    shop.ship("e2", l1=6)
    shop.milestone("m1", "delivered")
    assert shop.line() == {"ordered": 10, "shipped": 10, "delivered": 10}


def test_more_than_was_released_is_accepted() -> None:
    shop = Shop()
    shop.place(item("1", "A", 10))
    shop.stock("A", held("1", 6, waiting=4), state="partial")
    shop.posted()
    shop.ship("e1", l1=8)
    assert (shop.line(), shop.exceptions()) == ({"ordered": 10, "shipped": 8, "backordered": 2}, [])


def test_more_than_was_ordered_is_visible_as_an_exception() -> None:
    shop = confirmed_shop(10)
    shop.ship("e1", l1=12)
    assert (shop.line(), shop.exceptions()) == ({"ordered": 10, "shipped": 10}, ["failed_fulfilment/1"])
    assert shop.row("shipment|S-1")["shipped"] == {"1": 12}


def test_goods_that_left_although_cancelled_count_as_shipped_and_call_a_person() -> None:
    shop = confirmed_shop(10)
    shop.cancel()
    shop.ship("e1", l1=10)
    assert (shop.headlines[-1], shop.exceptions()) == ("shipped", ["failed_fulfilment/1"])


def test_a_line_that_the_order_has_not_is_an_exception() -> None:
    shop = confirmed_shop(10)
    shop.ship("e1", l9=1)
    assert shop.exceptions() == ["failed_fulfilment/9"]


def test_a_short_pick_goes_back_to_backorder_and_is_asked_for_anew() -> None:
    shop = confirmed_shop(35)
    shop.ship("e1", {"1": 1}, l1=34)
    assert (shop.line(), shop.exceptions()) == (
        {"ordered": 35, "shipped": 34, "backordered": 1},
        ["failed_fulfilment/1"],
    )
    assert [(ask["attempt"], ask["lines"]) for ask in shop.asks("stock.release")] == [
        (1, [{"line": "1", "quantity": 1, "keep": None}])
    ]
    assert [(ask["attempt"], ask["lines"]) for ask in shop.asks("stock.reserve")] == [
        (2, [{"line": "1", "quantity": 1}])
    ]


def test_shipments_over_several_legs() -> None:
    """Example S5 of shipments.md: 36, 34 and 10 of 80; delivered only when all three are."""
    shop = confirmed_shop(80)
    for leg, quantity in (("U", 36), ("F", 34), ("D", 10)):
        shop.ship(f"e-{leg}", shipment=leg, l1=quantity)
    assert shop.headlines[-2:] == ["partially_shipped", "shipped"]
    for leg in ("U", "F", "D"):
        shop.milestone(f"m-{leg}", "delivered", shipment=leg)
    assert shop.headlines[-2:] == ["partially_delivered", "delivered"]


def test_a_partial_delivery_counts_the_lines_it_names() -> None:
    """Example S3 of shipments.md: two of three, the third a day later."""
    shop = confirmed_shop(3)
    shop.ship("e1", l1=3)
    shop.milestone("m1", "delivered_partial", l1=2)
    assert shop.headlines[-1] == "partially_delivered"
    shop.milestone("m2", "delivered")
    assert shop.line() == {"ordered": 3, "shipped": 3, "delivered": 3}


def test_a_partial_delivery_that_names_no_lines_is_not_guessed() -> None:
    shop = confirmed_shop(3)
    shop.ship("e1", l1=3)
    shop.milestone("m1", "delivered_partial")
    assert (shop.headlines[-1], shop.row("shipment|S-1")["milestone"]) == ("shipped", "delivered_partial")


def test_a_late_milestone_is_kept_and_moves_nothing() -> None:
    shop = confirmed_shop(3)
    shop.ship("e1", l1=3)
    shop.milestone("m1", "returned")
    shop.milestone("m2", "delivered", late=True)
    assert ([fact["lines"] for fact in shop.facts("order.milestone.counted")], shop.headlines[-1]) == ([[]], "returned")


def test_a_milestone_counted_twice_is_counted_once() -> None:
    shop = confirmed_shop(3)
    shop.ship("e1", l1=3)
    shop.milestone("m1", "delivered_partial", l1=1)
    shop.milestone("m1", "delivered_partial", l1=1)
    assert shop.line()["delivered"] == 1


def test_a_return_of_a_part_is_a_facet() -> None:
    shop = confirmed_shop(10)
    shop.ship("e1", l1=10)
    shop.milestone("m1", "delivered")
    shop.invoice("i1", l1=10)
    shop.milestone("m2", "returned", l1=2)
    assert (shop.headlines[-1], shop.facts("order.facet.changed")[0]["facets"]["return"]) == ("completed", "partial")


@pytest.mark.parametrize(("code", "exception"), [("lost", "lost"), ("damaged", "damaged"), ("delayed", "carrier_delay"),
                                                 ("refused", "failed_fulfilment")])  # fmt: skip
def test_trouble_on_the_way_is_an_exception(code: str, exception: str) -> None:
    shop = confirmed_shop(3)
    shop.ship("e1", l1=3)
    shop.milestone("m1", code)
    assert (shop.exceptions(), shop.headlines[-1]) == ([exception], "shipped")


def test_a_delay_ends_with_the_delivery() -> None:
    shop = confirmed_shop(3)
    shop.ship("e1", l1=3)
    shop.milestone("m1", "delayed")
    shop.milestone("m2", "delivered")
    assert shop.exceptions() == []


def test_an_invoice_that_comes_before_the_goods_completes_the_order_when_they_arrive() -> None:
    shop = confirmed_shop(10)
    shop.invoice("i1", l1=10)
    assert shop.line() == {"ordered": 10, "released": 10}
    shop.ship("e1", l1=10)
    shop.milestone("m1", "delivered")
    assert shop.headlines[-1] == "completed"


def test_an_invoice_counted_twice_is_counted_once() -> None:
    shop = confirmed_shop(10)
    shop.ship("e1", l1=10)
    shop.invoice("i1", l1=4)
    shop.invoice("i1", l1=4)
    assert shop.line()["invoiced"] == 4


def test_an_invoice_that_names_no_lines_bills_all_of_the_order() -> None:
    shop = confirmed_shop(10)
    shop.cancel(l1=4)
    shop.ship("e1", l1=6)
    shop.invoice("i1")
    assert shop.line() == {"ordered": 10, "cancelled": 4, "shipped": 6, "invoiced": 6}


def test_a_payment_is_a_facet() -> None:
    shop = confirmed_shop(10)
    shop.invoice("i1", "paid")
    assert (shop.facts("order.facet.changed")[0]["facets"]["payment"], shop.line()) == (
        "paid",
        {"ordered": 10, "released": 10},
    )
