"""Defects that were reported of known engines, by product and number, and that wharf does not have them.

The reports are listed in the domain's reference, section 11. A bundle is a line per component here: Magento 1246.
"""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.generated import inventory_v1 as inventory
from streams.engine.driver import Topology
from streams.inventory import inventory as inventory_agent
from streams.inventory.reserve import CART_CAP_MS
from streams.orders import orders as orders_agent
from tests.streams.inventory.shelf import Shelf
from tests.streams.inventory.test_topology import held, ordered, received
from tests.streams.inventory.world import check_books

MINUTE = 60_000
asked = st.lists(st.tuples(st.sampled_from("ABCDE"), st.integers(1, 4)), max_size=20)


@pytest.mark.parametrize("mode", ["partial", "whole"])
def test_medusa_16502_two_lines_of_one_item_are_checked_together(mode: str) -> None:
    shelf = Shelf(DC1=5)
    shelf.reserve("PO-1", {"1": 3, "2": 3}, mode=mode)
    assert (shelf.held("PO-1"), shelf.available()) == ((5, 0) if mode == "partial" else (0, 5))


@given(asked)
def test_medusa_16569_any_number_of_holds_never_oversubscribes_and_no_counter_drifts(
    asked: list[tuple[str, int]],
) -> None:
    shelf = Shelf(DC1=9)
    for attempt, (holder, units) in enumerate(asked, 1):
        shelf.reserve(holder, {"1": units}, attempt=attempt)
        check_books(shelf)
    assert sum(shelf.held(holder) for holder in "ABCDE") == min(9, sum(units for _, units in asked))


@pytest.mark.parametrize("ending", ["release", "ship", "expire"])
def test_medusa_12401_what_is_reserved_is_never_negative_however_often_it_ends(ending: str) -> None:
    shelf = Shelf(DC1=9)
    shelf.reserve("C", {"1": 4}, holder_kind="cart")
    expiry = shelf.timers["expire|C"]
    for _ in range(3):
        {
            "release": lambda: shelf.release("C"),
            "ship": lambda: shelf.ship("C", 4, "DC1", event_id="same"),
            "expire": lambda: shelf.send(expiry.type, expiry.record or {}, now=expiry.due),
        }[ending]()
        assert shelf.position("DC1")["reserved"] == 0
    check_books(shelf)


def test_vendure_4930_a_payment_that_comes_late_is_a_named_shortfall_and_never_a_silent_negative() -> None:
    shelf = Shelf(DC1=1)
    shelf.reserve("FIRST", {"1": 1}, holder_kind="cart")
    shelf.due("expire|FIRST")
    shelf.reserve("SECOND", {"1": 1})
    shelf.ship("FIRST", 1, "DC1")
    [shortfall] = shelf.facts("inventory.shortfall")
    assert (shortfall["holder"], shortfall["short"], shelf.available()) == ("FIRST", 1, 0)


def test_vendure_4930_two_checkouts_of_the_last_one_sell_it_once() -> None:
    shelf = Shelf(DC1=1)
    for holder in ("FIRST", "SECOND"):
        shelf.reserve(holder, {"1": 1}, mode="whole")
    assert (shelf.held("FIRST"), shelf.held("SECOND"), shelf.state()) == (1, 0, "refused")


@pytest.mark.parametrize("seed", range(8))
def test_magento_3036_an_order_is_accepted_only_when_it_holds_its_stock(seed: int) -> None:
    topology = Topology([inventory_agent, orders_agent], seed=seed)
    received(topology, "A", 1)
    for order_id in ("PO-1", "PO-2"):
        ordered(topology, order_id, {"A": 1}, backorder=False)
    accepted = [each.key for each in topology.log("orders.events") if each.type == "order.accepted"]
    assert [order_id for order_id in ("PO-1", "PO-2") if held(topology, "A", order_id)] == accepted
    assert len(accepted) == 1
    told = [each.record["default_quantity"] for each in topology.log("inventory.availability")]
    assert min(told) == 0


def test_magento_3165_a_difference_is_repaired_by_a_correction_that_is_an_event() -> None:
    shelf = Shelf(DC1=100)
    for _ in range(2):
        shelf.report("corrected", "DC1", -3, event_id="plan-1", reason="cycle count, row 17")
    assert (shelf.position("DC1")["on_hand"], shelf.reason()) == (97, "duplicate")


def test_magento_2773_a_changed_item_code_leaves_what_is_held_where_it_is() -> None:
    """Stock is kept by SKU; a code is a cross reference to it: see V28."""
    shelf = Shelf(DC1=10)
    shelf.reserve("PO-1", {"1": 7})
    shelf.rules(base_unit="EA")  # what a changed product means here
    assert (shelf.held("PO-1"), shelf.available()) == (7, 3)


def test_magento_1246_what_a_bundle_held_is_given_back_once() -> None:
    bundle = [Shelf(DC1=7), Shelf(DC1=4)]
    for component, each in zip(bundle, (2, 1), strict=True):
        component.reserve("KIT-1", {"1": each})
        for _ in range(2):
            component.release("KIT-1")
            component.release("KIT-1", {"1": each})
    assert [component.available() for component in bundle] == [7, 4]


def _tampered(rows: dict[str, Any], what: str) -> dict[str, Any]:
    """The rows with one thing wrong."""
    sku, hold = rows["sku"], rows["hold|PO-1|1|DC1"]
    positions = {"DC1": {**sku["positions"]["DC1"], what: sku["positions"]["DC1"].get(what, 0) + 1}}
    return {
        "reserved": {**rows, "sku": {**sku, "positions": positions}},
        "allocated": {**rows, "sku": {**sku, "positions": positions}},
        "hold": {**rows, "hold|PO-1|1|DC1": {**hold, "reserved": hold["reserved"] + 1}},
        "lost hold": {name: row for name, row in rows.items() if name != "hold|PO-1|1|DC1"},
        "waiting": {**rows, "sku": {**sku, "waiting": sku["waiting"] + 1}},
        "used": {**rows, "sku": {**sku, "used": {"portal": 1}}},
        "lost place": {name: row for name, row in rows.items() if not name.startswith("waiting|")},
    }[what]


@pytest.mark.parametrize("what", ["reserved", "allocated", "hold", "lost hold", "waiting", "used", "lost place"])
def test_magento_3153_the_checker_of_the_books_finds_every_kind_of_inconsistency(what: str) -> None:
    shelf = Shelf(DC1=5)
    shelf.reserve("PO-1", {"1": 7}, wait=True)
    check_books(shelf)
    wrong = copy.copy(shelf)
    wrong.stage = copy.copy(shelf.stage)
    wrong.stage.keys = {"DRILL-18V": type(shelf.stage.keys["DRILL-18V"])(_tampered(shelf.rows, what))}  # type: ignore[assignment]
    with pytest.raises(AssertionError):
        check_books(wrong)


def test_saleor_19449_what_readers_are_told_follows_orders_as_well_as_counts() -> None:
    shelf = Shelf(DC1=5)
    shelf.rules(channels=({"channel": "web"},))
    told = []
    for happen in (
        lambda: shelf.reserve("PO-1", {"1": 2}),
        lambda: shelf.allocate("PO-1"),
        lambda: shelf.ship("PO-1", 2, "DC1"),
        lambda: shelf.reserve("PO-2", {"1": 3}, channel="web"),
        lambda: shelf.release("PO-2"),
    ):
        happen()
        told += [each["channels"][0]["quantity"] for each in shelf.facts("availability.changed")]
    assert told == [3, 3, 3, 0, 3]


def test_saleor_11637_back_in_stock_is_told_once_and_only_where_somebody_can_buy() -> None:
    shelf = Shelf(DC1=0)
    shelf.rules(thresholds=[{"kind": "out", "channel": ""}])
    shelf.reserve("PO-1", {"1": 2}, wait=True)
    told = []
    for units in (2, 1, 5):
        shelf.report("received", "DC1", units)
        told += [each["crossing"] for each in shelf.facts("inventory.threshold.crossed")]
    assert told == ["back"]


def test_confluent_order_sample_what_is_reserved_falls_again_on_every_way_out() -> None:
    shelf = Shelf(DC1=9)
    for holder in ("SHIPPED", "CANCELLED"):
        shelf.reserve(holder, {"1": 3})
    shelf.reserve("CART", {"1": 3}, holder_kind="cart")
    shelf.ship("SHIPPED", 3, "DC1")
    shelf.release("CANCELLED")
    shelf.due("expire|CART")
    assert (shelf.position("DC1")["reserved"], shelf.available()) == (0, 6)


def test_ibm_I33_a_back_order_counts_once_and_leaves_stock_that_it_cannot_use_for_others() -> None:
    shelf = Shelf(A=0, B=4)
    shelf.rules(channels=({"channel": "east", "locations": ["A"]}, {"channel": "west"}))
    shelf.reserve("EAST", {"1": 3}, channel="east", wait=True)
    assert (shelf.available("west"), shelf.rows["sku"]["waiting"]) == (4, 3)
    shelf.reserve("WEST", {"1": 4}, channel="west")
    assert shelf.held("WEST") == 4


def test_commercetools_a_hold_ends_at_its_instant_and_not_minutes_later() -> None:
    topology = Topology([inventory_agent])
    received(topology, "A", 1)
    line = [inventory.reserve_line(line="1", quantity=1)]
    record = inventory.reserve(sku="A", holder="C", holder_kind="cart", attempt=1, channel="web", lines=line)
    topology.send("stock.reserve", "A", record)
    topology.advance(15 * MINUTE)
    [expired] = [each for each in topology.log("inventory.events") if each.type == "inventory.reservation.expired"]
    [reserved] = [each for each in topology.log("inventory.events") if each.type == "inventory.reserved"]
    assert expired.record["at"] - reserved.record["at"] - 15 * MINUTE <= 1000


def test_salesforce_a_cart_holds_at_most_fourteen_thousand_four_hundred_seconds() -> None:
    shelf = Shelf(DC1=1)
    shelf.reserve("C", {"1": 1}, holder_kind="cart", expires_at=10**14)
    assert (shelf.timers["expire|C"].due, CART_CAP_MS) == (shelf.stage.now + 14_400_000, 14_400_000)


def test_shopify_a_count_that_is_not_newer_is_refused_instead_of_overwriting() -> None:
    shelf = Shelf()
    shelf.count("DC1", 10, sequence=5)
    shelf.count("DC1", 99, sequence=5)
    assert (shelf.reason(), shelf.available()) == ("conflict", 10)


def test_fluent_an_unchanged_row_is_told_to_no_reader() -> None:
    shelf = Shelf(DC1=10)
    for _ in range(3):
        shelf.count("DC1", 10)
        assert shelf.facts("availability.changed") == []


def test_amazon_external_fulfilment_an_absolute_quantity_counts_by_its_senders_sequence() -> None:
    shelf = Shelf()
    for sequence, quantity in ((3, 30), (1, 10), (2, 20)):
        shelf.count("DC1", quantity, sequence=sequence)
    assert shelf.available() == 30
