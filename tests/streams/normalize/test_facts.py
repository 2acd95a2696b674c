"""Reports of stock, shipments and invoices, in base units, keyed for their mailboxes."""

from __future__ import annotations

from typing import Any

import pytest

from schemas import wire
from schemas.generated import reference_v1 as reference
from schemas.loader import by_type
from tests.adapters.channels.test_fact_events import COUNT, DISPATCH, INVOICE, MILESTONE
from tests.streams.normalize.desk import codes, commands, document, handed_in, receipt, rows


def asked(body: Any, resource: str) -> list[Any]:
    return commands(handed_in(document(body, resource)))


def refused(body: Any, resource: str) -> list[tuple[str, str]]:
    effects = handed_in(document(body, resource))
    assert commands(effects) == []
    return [(problem["code"], problem["pointer"]) for problem in receipt(effects)["problems"]]


def test_a_count_goes_to_its_sku() -> None:
    (ask,) = asked(COUNT, "inventory-events")
    assert (ask.type, ask.key, ask.record["quantity"], ask.record["sequence"]) == ("stock.report", "WIDGET-A", 120, 88)


def test_announced_supply_goes_to_its_sku_in_base_units() -> None:
    announced = {
        "kind": "announced",
        "supply": "PO-77/1",
        "due": "2026-03-05T08:00:00Z",
        "unit": "XCS",
        "quantity": "5",
    }
    (ask,) = asked({**COUNT, **announced}, "inventory-events")
    assert (ask.type, ask.key, ask.record["supply"], ask.record["kind"], ask.record["quantity"]) == (
        "stock.announce-supply",
        "WIDGET-A",
        "PO-77/1",
        "PO_PLACED",
        60,
    )


def test_a_receipt_names_the_supply_that_it_fulfils() -> None:
    (ask,) = asked({**COUNT, "kind": "received", "supply": "PO-77/1"}, "inventory-events")
    assert (ask.type, ask.record["supply"]) == ("stock.report", "PO-77/1")


def test_a_count_in_cases_is_in_base_units() -> None:
    (ask,) = asked({**COUNT, "quantity": "10", "unit": "XCS", "unsellable": "1"}, "inventory-events")
    assert (ask.record["quantity"], ask.record["unsellable"]) == (120, 12)


def test_a_scaled_product_is_counted_in_its_steps() -> None:
    (ask,) = asked({**COUNT, "sku": "ROPE", "quantity": "2.5"}, "inventory-events")
    assert ask.record["quantity"] == 250


def test_a_movement_keeps_its_sign() -> None:
    (ask,) = asked({**COUNT, "kind": "adjusted", "quantity": "-3"}, "inventory-events")
    assert ask.record["quantity"] == -3


def test_each_report_of_an_array_goes_to_its_own_sku_with_its_own_part() -> None:
    effects = handed_in(document([COUNT, {**COUNT, "sku": "WIDGET-B"}], "inventory-events"))
    assert [(ask.key, ask.receipt) for ask in commands(effects)] == [("WIDGET-A", "R/0"), ("WIDGET-B", "R/1")]
    assert [part["key"] for part in receipt(effects)["parts"]] == ["WIDGET-A", "WIDGET-B"]


def test_a_quantity_that_is_no_whole_step_refuses_the_whole_array_with_its_pointer() -> None:
    body = [COUNT, {**COUNT, "quantity": "0.5"}]
    assert refused(body, "inventory-events") == [("WH1304", "/1/quantity")]


def test_an_unknown_unit_refuses_the_report() -> None:
    assert refused({**COUNT, "unit": "CS"}, "inventory-events") == [("WH1304", "/quantity")]


def test_stock_of_an_unknown_product_is_taken_as_whole_items_with_a_warning() -> None:
    effects = handed_in(document({**COUNT, "sku": "NEW"}, "inventory-events"))
    assert commands(effects)[0].record["quantity"] == 120 and codes(receipt(effects)["warnings"]) == ["WH1303"]


@pytest.mark.parametrize(("known", "warned"), [((), []), (("DC1",), []), (("DC2",), ["WH1313"])])
def test_a_location_that_is_not_known_is_warned_of_where_any_is_kept(known: tuple[str, ...], warned: list[str]) -> None:
    book = rows(**{f"locations|{code}": reference.location(code=code) for code in known})
    effects = handed_in(document(COUNT, "inventory-events"), book)
    assert [code for code in codes(receipt(effects)["warnings"]) if code == "WH1313"] == warned
    assert commands(effects)[0].record["location"] == "DC1"


def test_a_fraction_of_an_unknown_product_is_refused() -> None:
    assert refused({**COUNT, "sku": "NEW", "quantity": "1.5"}, "inventory-events") == [("WH1304", "/quantity")]


def test_a_dispatch_goes_to_the_tenants_shipments_in_base_units() -> None:
    body = {**DISPATCH, "lines": [{"line": "1", "sku": "WIDGET-A", "quantity": "2", "unit": "XCS"}]}
    (ask,) = asked(body, "shipment-events")
    assert (ask.type, ask.key, ask.record["lines"]) == (
        "shipment.report-dispatch", "", [{"line": "1", "sku": "WIDGET-A", "quantity": 24, "parts": {}}],
    )  # fmt: skip


def test_a_dispatched_line_without_sku_is_in_whole_items() -> None:
    body = {**DISPATCH, "lines": [{"line": "1", "quantity": "24"}]}
    assert asked(body, "shipment-events")[0].record["lines"] == [{"line": "1", "sku": "", "quantity": 24, "parts": {}}]


def test_a_milestone_goes_to_the_tenants_shipments() -> None:
    (ask,) = asked(MILESTONE, "shipment-events")
    assert (ask.type, ask.key, ask.record["code"]) == ("shipment.report-milestone", "", "delivered")


def test_an_invoice_goes_to_the_tenants_shipments() -> None:
    (ask,) = asked(INVOICE, "invoice-events")
    assert (ask.type, ask.record["references"][0]["party"], ask.record["lines"][0]["quantity"]) == (
        "shipment.report-invoice",
        "portal",
        24,
    )


def test_a_bad_line_of_an_invoice_is_named_by_its_pointer() -> None:
    body = {**INVOICE, "lines": [{"line": "1", "sku": "WIDGET-A", "quantity": "1.5"}]}
    assert refused(body, "invoice-events") == [("WH1304", "/lines/0/quantity")]


@pytest.mark.parametrize(
    ("body", "resource"),
    [
        (COUNT, "inventory-events"),
        (DISPATCH, "shipment-events"),
        (MILESTONE, "shipment-events"),
        (INVOICE, "invoice-events"),
    ],
)
def test_every_report_can_be_written_as_its_record(body: Any, resource: str) -> None:
    (ask,) = asked(body, resource)
    name = by_type()[ask.type].name
    assert wire.decode(wire.encode(name, dict(ask.record)))[1] == ask.record


def test_the_classes_of_a_count_are_in_base_units_too() -> None:
    told = {**COUNT, "unit": "XCS", "quantity": "5", "classes": {"damaged": "2"}}
    told.pop("unsellable", None)
    (ask,) = asked(told, "inventory-events")
    assert (ask.record["quantity"], ask.record["classes"], ask.record["unsellable"]) == (60, {"damaged": 24}, None)


def test_a_class_that_cannot_be_expressed_refuses_the_count_by_its_place() -> None:
    told = {**COUNT, "classes": {"damaged": "0.5"}}
    told.pop("unsellable", None)
    assert refused(told, "inventory-events") == [("WH1304", "/classes/damaged")]
