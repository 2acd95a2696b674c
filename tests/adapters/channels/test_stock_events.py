"""Counts, movements and announced supply as JSON: what is taken, and what is refused by its place."""

from __future__ import annotations

from decimal import Decimal

from adapters.channels.readers import stock_events
from tests.adapters.channels.test_fact_events import COUNT, refused, value, without


def test_a_count_is_read_as_sent() -> None:
    count: stock_events.RawStock = value(COUNT, "inventory-events")
    assert (count.sku, count.location, count.quantity, count.sequence) == ("WIDGET-A", "DC1", Decimal(120), 88)


def test_a_count_is_never_negative() -> None:
    assert refused({**COUNT, "quantity": "-1"}, "inventory-events") == [("WH1107", "/quantity")]


def test_a_movement_may_be_negative() -> None:
    assert value({**COUNT, "kind": "adjusted", "quantity": "-3"}, "inventory-events").quantity == Decimal(-3)


def test_a_report_without_identity_is_refused_because_a_repeat_could_not_be_told() -> None:
    assert refused(without(COUNT, "sequence"), "inventory-events") == [("WH1105", "/event_id")]


def test_an_event_id_is_identity_enough() -> None:
    assert value({**without(COUNT, "sequence"), "event_id": "e-1"}, "inventory-events").event_id == "e-1"


def test_a_transfer_needs_its_other_end() -> None:
    assert refused({**COUNT, "kind": "transferred"}, "inventory-events") == [("WH1105", "/to_location")]


def test_announced_supply_has_a_name_and_a_time() -> None:
    announced = {**COUNT, "kind": "announced", "supply": "PO-77/1", "due": "2026-03-05T08:00:00Z"}
    found = value(announced, "inventory-events")
    assert (found.supply, found.due, found.quantity) == ("PO-77/1", 1_772_697_600_000, Decimal(120))
    for field in ("supply", "due"):
        assert refused(without(announced, field), "inventory-events") == [("WH1105", f"/{field}")]
    assert refused({**announced, "quantity": "-1"}, "inventory-events") == [("WH1107", "/quantity")]


def test_stock_that_is_not_for_sale_says_why_in_words_that_are_known() -> None:
    damaged = {**COUNT, "kind": "quarantined", "stock_class": "inspection"}
    assert value(damaged, "inventory-events").stock_class == "inspection"
    assert refused({**damaged, "stock_class": "lost"}, "inventory-events") == [("WH1107", "/stock_class")]


def test_a_kind_of_movement_that_nobody_knows_is_refused() -> None:
    assert refused({**COUNT, "kind": "stolen"}, "inventory-events") == [("WH1107", "/kind")]


def test_a_count_may_name_what_is_unsellable_by_class() -> None:
    found = value({**without(COUNT, "unsellable"), "classes": {"display": "1", "damaged": "2"}}, "inventory-events")
    assert found.classes == (("damaged", Decimal(2)), ("display", Decimal(1)))


def test_classes_belong_to_a_count_and_are_those_that_are_known() -> None:
    plain = without(COUNT, "unsellable")
    assert refused({**plain, "classes": {"lost": "1"}}, "inventory-events") == [("WH1104", "/classes/lost")]
    assert refused({**plain, "classes": {"damaged": "-1"}}, "inventory-events") == [("WH1107", "/classes/damaged")]
    adjusted = {**plain, "kind": "adjusted", "classes": {"damaged": "1"}}
    assert refused(adjusted, "inventory-events") == [("WH1107", "/classes")]
    assert refused({**COUNT, "unsellable": "1", "classes": {"damaged": "1"}}, "inventory-events") == [
        ("WH1107", "/classes")
    ]
