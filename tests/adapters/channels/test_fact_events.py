"""Facts as JSON: stock, dispatches, milestones, invoices; single or in arrays that are whole or refused."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from adapters.channels.readers import invoice_events, recognise, shipment_events
from adapters.channels.readers.document import Document, Reading, Rejected
from adapters.channels.readers.events import MAX_EVENTS

COUNT: dict[str, Any] = {
    "kind": "counted",
    "source": "wms1",
    "sequence": 88,
    "as_of": "2026-03-02T08:00:00Z",
    "sku": "WIDGET-A",
    "location": "DC1",
    "quantity": "120",
}
DISPATCH: dict[str, Any] = {
    "kind": "dispatched",
    "source": "wms1",
    "event_id": "d-1",
    "at": "2026-03-02T08:00:00Z",
    "shipment": "S-1",
    "carrier": "UPSN",
    "tracking": ["1Z1"],
    "location": "DC1",
    "order": {"order_id": "o-1"},
    "lines": [{"line": "1", "sku": "WIDGET-A", "quantity": "24"}],
    "packages": [{"sscc": "106141410000000019"}],
}
MILESTONE: dict[str, Any] = {
    "kind": "milestone",
    "source": "tms",
    "event_id": "m-1",
    "at": "2026-03-02T08:00:00Z",
    "carrier": "UPSN",
    "tracking": "1Z1",
    "code": "delivered",
    "place": {"city": "Solon", "country": "US"},
    "eta": None,
}
INVOICE: dict[str, Any] = {
    "kind": "posted",
    "source": "finance",
    "event_id": "i-1",
    "at": "2026-03-02T08:00:00Z",
    "number": "INV-1",
    "order": {"number": "P-1001", "channel": "portal"},
    "lines": [{"line": "1", "quantity": "24", "amount": "228.00"}],
    "tax": "18.24",
    "total": "246.24",
    "currency": "USD",
}
RESOURCES = {"inventory-events": COUNT, "shipment-events": DISPATCH, "invoice-events": INVOICE}


def read(body: Any, resource: str) -> Reading[Any]:
    return recognise.read(Document(json.dumps(body).encode(), resource, "portal"))


def value(body: Any, resource: str) -> Any:
    reading = read(body, resource)
    assert not reading.refused, reading.refused
    return reading.accepted[0].value


def refused(body: Any, resource: str) -> list[tuple[str, str]]:
    reading = read(body, resource)
    assert reading.refused and not reading.accepted
    return [(problem.code, problem.place.pointer) for problem in reading.refused[0].problems]


def without(event: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: field for name, field in event.items() if name not in names}


@pytest.mark.parametrize("resource", RESOURCES)
def test_the_example_of_the_contract_is_accepted(resource: str) -> None:
    assert len(read(RESOURCES[resource], resource).accepted) == 1


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_thousand_events_come_in_one_array(resource: str) -> None:
    assert len(read([RESOURCES[resource]] * MAX_EVENTS, resource).accepted) == MAX_EVENTS


@pytest.mark.parametrize("resource", RESOURCES)
def test_one_more_is_refused(resource: str) -> None:
    assert refused([RESOURCES[resource]] * (MAX_EVENTS + 1), resource) == [("WH1109", "/")]


@pytest.mark.parametrize("resource", RESOURCES)
def test_an_empty_array_is_refused(resource: str) -> None:
    assert refused([], resource) == [("WH1109", "/")]


@pytest.mark.parametrize("resource", RESOURCES)
def test_one_bad_event_refuses_the_whole_array_with_its_pointer(resource: str) -> None:
    event = RESOURCES[resource]
    assert refused([event, without(event, "source"), event], resource) == [("WH1105", "/1/source")]


@pytest.mark.parametrize("resource", RESOURCES)
def test_an_unknown_field_is_refused_by_name(resource: str) -> None:
    assert refused({**RESOURCES[resource], "colour": "red"}, resource) == [("WH1104", "/colour")]


@pytest.mark.parametrize("resource", RESOURCES)
def test_extensions_are_let_through(resource: str) -> None:
    assert len(read({**RESOURCES[resource], "extensions": {"colour": "red"}}, resource).accepted) == 1


def test_a_dispatch_is_read_whole() -> None:
    dispatch: shipment_events.RawDispatch = value(DISPATCH, "shipment-events")
    report = dispatch.report
    assert (report["shipment"], report["tracking"], report["packages"]) == ("S-1", ["1Z1"], ["106141410000000019"])
    assert [(line.line, line.sku, line.quantity) for line in dispatch.goods] == [("1", "WIDGET-A", Decimal(24))]


@pytest.mark.parametrize(
    ("order", "reference"),
    [
        ({"order_id": "o-1"}, ("order_id", "o-1", "")),
        ({"number": "P-1", "channel": "web"}, ("number", "P-1", "web")),
        ({"erp_number": "SO-7"}, ("erp_number", "SO-7", "")),
    ],
)
def test_an_order_is_named_in_one_of_three_ways(order: dict[str, str], reference: tuple[str, str, str]) -> None:
    (found,) = value({**DISPATCH, "order": order}, "shipment-events").report["references"]
    assert (found["kind"], found["value"], found["party"]) == reference


@pytest.mark.parametrize("order", [{}, {"order_id": "o-1", "erp_number": "SO-7"}, {"channel": "web"}])
def test_an_order_is_named_exactly_once(order: dict[str, str]) -> None:
    assert ("WH1105", "/order") in refused({**DISPATCH, "order": order}, "shipment-events")


def test_a_number_without_its_channel_could_be_two_orders() -> None:
    assert refused({**DISPATCH, "order": {"number": "P-1"}}, "shipment-events") == [("WH1105", "/order/channel")]


def test_a_dispatched_line_says_what_it_is() -> None:
    assert refused({**DISPATCH, "lines": [{"quantity": "1"}]}, "shipment-events") == [("WH1105", "/lines/0/line")]


def test_a_negative_quantity_does_not_leave_the_house() -> None:
    body = {**DISPATCH, "lines": [{"line": "1", "quantity": "-1"}]}
    assert refused(body, "shipment-events") == [("WH1107", "/lines/0/quantity")]


def test_a_canonical_milestone_stands_as_it_is() -> None:
    assert value(MILESTONE, "shipment-events")["code"] == "delivered"


def test_an_unknown_canonical_milestone_is_refused() -> None:
    assert refused({**MILESTONE, "code": "teleported"}, "shipment-events") == [("WH1107", "/code")]


@pytest.mark.parametrize(
    ("code", "canonical"),
    [("D1", "delivered"), ("X1", "destination_arrived"), ("AF", "dispatched"), ("SD", "delayed"), ("RH", "unmapped")],
)
def test_a_214_status_is_mapped_and_kept(code: str, canonical: str) -> None:
    told = {"vocabulary": "x12-214", "code": code, "reason": "NS"}
    found = value({**MILESTONE, "code": told}, "shipment-events")
    assert (found["code"], found["source_code"], found["reason"]) == (canonical, f"x12-214:{code}", "NS")


def test_an_unknown_vocabulary_is_refused() -> None:
    told = {"vocabulary": "morse", "code": "D1"}
    assert refused({**MILESTONE, "code": told}, "shipment-events") == [("WH1107", "/code/vocabulary")]


def test_a_milestone_of_nothing_is_refused() -> None:
    assert refused(without(MILESTONE, "tracking"), "shipment-events") == [("WH1105", "/tracking")]


def test_a_milestone_may_name_the_order_instead_of_a_parcel() -> None:
    body = {**without(MILESTONE, "tracking"), "order": {"order_id": "o-1"}}
    assert value(body, "shipment-events")["references"][0]["value"] == "o-1"


def test_an_absurd_number_of_pieces_is_refused() -> None:
    assert refused({**MILESTONE, "pieces": 10**10}, "shipment-events") == [("WH1106", "/pieces")]


def test_dispatches_and_milestones_come_in_one_array() -> None:
    assert len(read([DISPATCH, MILESTONE], "shipment-events").accepted) == 2


def test_an_invoice_keeps_its_amounts_exactly() -> None:
    invoice: invoice_events.RawInvoice = value(INVOICE, "invoice-events")
    assert (invoice.report["total"], invoice.goods[0].amount) == (Decimal("246.24"), Decimal("228.00"))


def test_an_amount_without_currency_is_refused() -> None:
    assert refused(without(INVOICE, "currency"), "invoice-events") == [("WH1105", "/currency")]


def test_a_payment_may_come_without_lines() -> None:
    assert value({**without(INVOICE, "lines"), "kind": "paid"}, "invoice-events").goods == ()


def test_a_posted_invoice_without_lines_is_refused() -> None:
    assert refused(without(INVOICE, "lines"), "invoice-events") == [("WH1105", "/lines")]


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("body", ["{", "7", '"x"', "[7]", "[[]]"])
def test_what_is_no_event_is_refused(resource: str, body: str) -> None:
    (result,) = recognise.read(Document(body.encode(), resource)).results
    assert isinstance(result, Rejected) and result.code in ("WH1101", "WH1106")
