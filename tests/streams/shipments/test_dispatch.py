from __future__ import annotations

import pytest

from tests.streams.shipments.dock import Dock, order_with_shipment


def shipped(dock: Dock) -> list[list[tuple[str, str, int]]]:
    return [
        [(one["line"], one["sku"], one["quantity"]) for one in fact["lines"]]
        for fact in dock.told("order.shipment-fact")
    ]


@pytest.mark.parametrize(
    "reference",
    [{"order_id": "O-1"}, {"number": "P-1@portal"}, {"number": "P-1"}, {"erp_number": "SO-1"}, {"po": "4711"}],
)
def test_a_dispatch_finds_its_order_by_any_reference(reference: dict[str, str]) -> None:
    dock = Dock()
    dock.claim("O-1", "1 WIDGET 24", number="P-1@portal", erp_number="SO-1", po="4711")
    dock.dispatch("S-1", "1 WIDGET 24", **reference)
    assert [fact["order_id"] for fact in dock.told("order.shipment-fact")] == ["O-1"]


def test_each_dispatched_line_leaves_the_stock_of_its_sku() -> None:
    dock = Dock()
    dock.claim("O-1", "1 WIDGET 24", "2 BOLT 5")
    effects = dock.dispatch("S-1", "1 WIDGET 24", "2 BOLT 3", order_id="O-1")
    left = [
        (ask.key, ask.record["holder"], ask.record["line"], ask.record["quantity"], ask.record["location"])
        for ask in effects.asks
        if ask.type == "stock.ship"
    ]
    assert left == [("WIDGET", "O-1", "1", 24, "DC1"), ("BOLT", "O-1", "2", 3, "DC1")]


def test_a_number_of_another_party_is_no_match() -> None:
    dock = Dock()
    dock.claim("O-1", "1 WIDGET 24", number="P-1@portal")
    dock.dispatch("S-1", "1 WIDGET 24", number="P-1@field")
    assert [fact["reason"] for fact in dock.facts("shipment.parked")] == ["no-match"]


def test_a_number_of_two_orders_is_ambiguous_and_never_guessed() -> None:
    dock = Dock()
    dock.claim("O-1", "1 WIDGET 24", customer="A", po="4711")
    dock.claim("O-2", "1 WIDGET 24", customer="B", po="4711")
    dock.dispatch("S-1", "1 WIDGET 24", po="4711")
    assert [fact["reason"] for fact in dock.facts("shipment.parked")] == ["ambiguous"]
    assert shipped(dock) == []


def test_a_unique_number_helps_where_another_is_ambiguous() -> None:
    dock = Dock()
    dock.claim("O-1", "1 WIDGET 24", customer="A", po="4711", erp_number="SO-1")
    dock.claim("O-2", "1 WIDGET 24", customer="B", po="4711", erp_number="SO-2")
    dock.dispatch("S-1", "1 WIDGET 24", erp_number="SO-2", po="4711")
    assert [fact["order_id"] for fact in dock.told("order.shipment-fact")] == ["O-2"]


def test_lines_without_numbers_are_matched_by_sku() -> None:
    dock = Dock()
    dock.claim("O-1", "1 WIDGET 24", "2 BOLT 5")
    dock.dispatch("S-1", "- BOLT 5", "- WIDGET 24", order_id="O-1")
    assert shipped(dock) == [[("2", "BOLT", 5), ("1", "WIDGET", 24)]]


def test_a_sku_on_two_lines_fills_them_in_order() -> None:
    dock = Dock()
    dock.claim("O-1", "1 WIDGET 10", "2 WIDGET 10")
    dock.dispatch("S-1", "- WIDGET 4", order_id="O-1")
    dock.dispatch("S-2", "- WIDGET 12", order_id="O-1")
    assert shipped(dock) == [[("1", "WIDGET", 4)], [("1", "WIDGET", 6), ("2", "WIDGET", 6)]]


def test_what_is_too_much_stays_visible_on_the_last_line() -> None:
    dock = Dock()
    dock.claim("O-1", "1 WIDGET 10", "2 WIDGET 10")
    dock.dispatch("S-1", "- WIDGET 23", order_id="O-1")
    assert shipped(dock) == [[("1", "WIDGET", 10), ("2", "WIDGET", 13)]]


def test_lines_without_sku_are_matched_by_number() -> None:
    dock = Dock()
    dock.claim("O-1", "1 WIDGET 24", "2 BOLT 5")
    effects = dock.dispatch("S-1", "2 - 5", order_id="O-1")
    assert shipped(dock) == [[("2", "BOLT", 5)]]
    assert [ask.key for ask in effects.asks if ask.type == "stock.ship"] == ["BOLT"]


def test_a_sku_that_was_not_ordered_is_told_without_a_line() -> None:
    dock = Dock()
    dock.claim("O-1", "1 WIDGET 24")
    dock.dispatch("S-1", "- GADGET 3", order_id="O-1")
    assert shipped(dock) == [[("", "GADGET", 3)]]


def test_the_same_event_twice_ships_once() -> None:
    dock = Dock()
    dock.claim("O-1", "1 WIDGET 24")
    dock.dispatch("S-1", "1 WIDGET 24", order_id="O-1", event="x")
    again = dock.dispatch("S-1", "1 WIDGET 24", order_id="O-1", event="x")
    assert [fact.record["reason"] for fact in again.facts] == ["duplicate"]
    assert again.asks == ()


def test_the_same_lines_told_by_another_source_are_a_second_witness() -> None:
    dock = order_with_shipment()
    again = dock.dispatch("S-1", "1 WIDGET 24", order_id="O-1", source="tms")
    assert [fact.record["reason"] for fact in again.facts] == ["second-witness"]
    assert dock.rows["line|O-1|00000"]["shipped"] == 24


def test_other_lines_of_a_shipment_are_a_further_part() -> None:
    dock = Dock()
    dock.claim("O-1", "1 WIDGET 24", "2 BOLT 5")
    dock.dispatch("S-1", "1 WIDGET 24", order_id="O-1")
    dock.dispatch("S-1", "2 BOLT 5", order_id="O-1")
    assert shipped(dock) == [[("1", "WIDGET", 24)], [("2", "BOLT", 5)]]


def test_a_dispatch_before_its_order_is_parked_and_joined_by_the_claim() -> None:
    dock = Dock()
    dock.dispatch("S-1", "1 WIDGET 24", number="P-1@portal")
    claimed = dock.claim("O-1", "1 WIDGET 24", number="P-1@portal")
    assert [fact.type for fact in claimed.facts] == [
        "shipment.references.claimed",
        "shipment.dispatched",
        "shipment.unparked",
    ]
    assert not [name for name in dock.rows if name.startswith(("parked|", "waiting|"))]


def test_the_joined_facts_ids_do_not_hang_on_who_reported_first() -> None:
    one, other = order_with_shipment(source="wms1", event="a"), order_with_shipment(source="tms", event="b")
    assert [fact["event_id"] for fact in one.told("order.shipment-fact")] == [
        fact["event_id"] for fact in other.told("order.shipment-fact")
    ]


def test_facts_for_the_order_travel_on_its_own_channel() -> None:
    dock = Dock()
    dock.claim("O-1", "1 WIDGET 1", channel="field")
    effects = dock.dispatch("S-1", "1 WIDGET 1", order_id="O-1")
    assert {ask.channel for ask in effects.asks} == {"field"}


def test_a_second_witness_that_knows_the_parcel_makes_it_findable_and_ships_nothing_twice() -> None:
    dock = order_with_shipment(tracking=(), carrier="")
    dock.milestone("in_transit", "3T08:00", tracking="1Z9")
    effects = dock.dispatch("S-1", "1 WIDGET 24", order_id="O-1", source="tms", tracking=("1Z9",))
    assert {ask.type for ask in effects.asks} == {"order.milestone-fact"}
    assert dock.rows["line|O-1|00000"]["shipped"] == 24
    assert dock.rows["shipment|S-1|O-1"]["tracking"] == ["1Z9"]
