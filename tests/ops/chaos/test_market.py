"""The campaign's demand, supply and moments: the same for the same seed, and as ample or scarce as they say."""

from __future__ import annotations

from collections import Counter

import pytest

from adapters.gateway.models.orders import PlaceOrder
from ops.chaos.market import BLOCKED, CHANNELS, FIELD, Market, Stock, partners, product
from ops.chaos.warehouse import Warehouse


@pytest.fixture(scope="module", params=list(Stock))
def market(request: pytest.FixtureRequest) -> Market:
    return Market(request.param, 200, seed=3)


def test_the_same_seed_wants_the_same(market: Market) -> None:
    assert market.orders == Market(market.stock, 200, seed=3).orders != Market(market.stock, 200, seed=4).orders


def test_both_markets_want_the_same_goods() -> None:
    ample, scarce = (Market(stock, 200).orders for stock in Stock)
    assert [(order.number, order.lines) for order in ample] == [(order.number, order.lines) for order in scarce]


def test_every_order_is_one_that_the_gateway_takes_of_a_channel_that_has_a_profile(market: Market) -> None:
    taken = {PlaceOrder.model_validate(order.body).channel for order in market.orders}
    assert taken <= set(CHANNELS) == set(partners())


def test_no_two_orders_share_a_number(market: Market) -> None:
    assert len({order.id for order in market.orders}) == len({order.number for order in market.orders}) == 200


def test_with_ample_stock_the_first_warehouse_has_it_all() -> None:
    market = Market(Stock.AMPLE, 200)
    assert all(market.on_shelf(sku)[0] > market.demand[sku] for sku in market.products)
    assert (market.receipts(), {order.cancelled_after for order in market.orders}) == ([], {0})


def test_with_scarce_stock_half_of_the_products_run_short_although_some_comes_later() -> None:
    market = Market(Stock.SCARCE, 200)
    short = [sku for sku in market.products if market.supply(sku) < market.demand[sku]]
    assert len(short) == len(market.products) // 2 == len(market.receipts())
    assert any(order.cancelled_after for order in market.orders)


def test_supply_is_what_is_counted_and_received(market: Market) -> None:
    told = Counter[str]()
    for event in [*market.counts(), *market.receipts()]:
        told[event["sku"]] += int(event["quantity"])
    assert told == {sku: market.supply(sku) for sku in market.products}


def test_only_what_never_leaves_is_cancelled(market: Market) -> None:
    cancelled = {order.channel for order in market.orders if order.cancelled_after}
    assert cancelled == ({FIELD} if market.stock is Stock.SCARCE else set())
    assert partners()[FIELD]["release"] == "hold"


def test_some_buyers_do_not_pay_and_some_want_all_or_nothing(market: Market) -> None:
    assert 0 < sum(order.customer == BLOCKED for order in market.orders) < 20
    assert 0 < sum(order.ship_complete for order in market.orders) < 100


def test_a_third_of_the_products_keeps_a_unit_back() -> None:
    assert [product(f"SKU-{index:02d}")["safety"] != [] for index in range(4)] == [True, False, False, True]


def release(order_id: str, quantity: str) -> dict[str, object]:
    line = {"line": "1", "sku": "SKU-01", "quantity": quantity, "location": "DC1"}
    return {"order_id": order_id, "version": 16, "lines": [line]}


def test_parcels_are_named_by_the_orders_releases_whatever_its_version() -> None:
    first, second = Warehouse(), Warehouse()
    told = list(first.play([release("o", "2"), release("o", "3")]))
    later = [report for each in ("2", "3") for report in second.play([{**release("o", each), "version": 99}])]
    assert {event["event_id"] for report in told for event in report.events} == {
        event["event_id"] for report in later for event in report.events
    }
    assert first.shipped == second.shipped == {"SKU-01": 5}


def test_a_release_is_dispatched_carried_and_billed_in_that_order() -> None:
    reports = list(Warehouse().play([release("o", "2")]))
    assert [[event["kind"] for event in report.events] for report in reports] == [
        ["dispatched"], ["milestone", "milestone"], ["posted"],
    ]  # fmt: skip
    assert len({report.key for report in reports}) == 3


def test_no_release_makes_no_report() -> None:
    assert list(Warehouse().play([])) == []
