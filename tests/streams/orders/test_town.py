"""Orders, inventory and post together: whatever comes in whatever order, all three agree in the end."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from schemas.generated import orders_v1 as v1
from tables.orders.rows import lines_of
from tests.streams.orders.shop import ID
from tests.streams.orders.test_interleavings import NAMED, act, begin, check_book, placing, plays
from tests.streams.orders.town import Town


def played(play: Any) -> Town:
    """The town after a play, everything delivered."""
    _, stock, policy, refuses, script = play
    town = Town(stock, refuses=refuses)
    begin(town, play)
    for move in script:
        act(town, policy, move)
    town.drain()
    check_book(town.order)
    return town


@settings(max_examples=150, deadline=None)
@given(plays)
def test_the_ledgers_of_order_and_shelves_agree(play: Any) -> None:
    town = played(play)
    order = town.order.order
    assert (order["headline"] in NAMED, order["awaiting"]) == (True, 0)
    for line in lines_of(town.order.rows):
        assert sum(town.held(line["sku"], line["line"])) == line["reserved"] + line["released"], line
        if not play[2]["ship_complete"]:
            assert town.queued(line["sku"]).get(line["line"], 0) == line["backordered"], line
    if order["step"] == "queued":
        assert [sku for sku in play[1] if town.queued(sku)] == [order["queued_at"]]


@settings(max_examples=150, deadline=None)
@given(plays)
def test_the_erp_holds_one_document_of_an_order_that_stands_and_none_of_another(play: Any) -> None:
    town = played(play)
    order = town.order.order
    stands = order["accepted"] and order["outcome"] not in ("cancelled", "rejected")
    assert len(town.till.documents) == stands
    if stands:
        assert list(town.till.documents) == [order["erp_number"]]


@settings(max_examples=100, deadline=None)
@given(plays)
def test_a_cancelled_order_leaves_nothing_on_the_shelves(play: Any) -> None:
    town = played(play)
    town.do("order.cancel", v1.cancel_order(order_id=ID), id="the last word")
    town.drain()
    assert all(town.held(line["sku"], line["line"]) == (0, 0) for line in lines_of(town.order.rows))
    assert not any(town.queued(sku) for sku in play[1])


def test_a_ship_complete_order_is_woken_and_takes_all_of_it() -> None:
    town = Town({"A": 5, "B": 0, "C": 0})
    town.do("order.place", placing({"1": 4, "2": 2}, {"ship_complete": True}))
    town.drain()
    assert (town.order.order["step"], town.order.headlines, town.held("A", "1")) == ("queued", ["backordered"], (0, 0))
    town.supply("B", 2)
    town.drain()
    assert (town.order.headlines[-1], town.held("A", "1"), town.held("B", "2")) == ("released", (0, 4), (0, 2))


def test_a_backorder_is_filled_and_released_when_supply_comes() -> None:
    town = Town({"A": 1, "B": 0, "C": 0})
    town.do("order.place", placing({"1": 3}, {}))
    town.drain()
    town.supply("A", 5)
    town.drain()
    assert (town.order.headlines, town.held("A", "1")) == (["partially_backordered", "released"], (0, 3))
