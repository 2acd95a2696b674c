"""Documents and facts are taken as they are; what is wrong is refused with its place, and an array is taken whole."""

from __future__ import annotations

from typing import Any

import pytest

from tests.adapters.gateway.bodies import COUNT, DISPATCH, INVOICE, MILESTONE
from tests.support.gateway import Desk

INVENTORY, SHIPMENTS, INVOICES = "/v1/inventory/events", "/v1/shipments/events", "/v1/invoices/events"
X12 = b"ISA*00*          *00*          *ZZ*RETX           *ZZ*WHARF          *260302*0800*U*00401*000000001*0*P*>~"


def pointers(answer: Any) -> list[str]:
    assert (answer.status_code, answer.json()["code"]) == (422, "validation-failed")
    return [error["pointer"] for error in answer.json()["errors"]]


@pytest.mark.parametrize("media", ["application/edi-x12", "text/csv; charset=latin-1", ""])
def test_a_document_is_stored_as_it_came(desk: Desk, media: str) -> None:
    answer = desk.send("POST", "/v1/channels/edi/documents?file_name=po.edi", {"Content-Type": media}, content=X12)
    stored = desk.log.one("channel.document")
    assert (answer.status_code, answer.json()) == (202, {"receipt": stored["receipt"]})
    assert (stored["body"], stored["media_type"], stored["file_name"], stored["resource"]) == (
        X12,
        media,
        "po.edi",
        "documents",
    )


def test_a_document_is_kept_in_its_senders_order(desk: Desk) -> None:
    desk.send("POST", "/v1/channels/edi/documents", content=X12)
    assert desk.log.sent[0].key == desk.log.one("channel.document")["sender"] == "shop"


def test_an_empty_document_is_refused(desk: Desk) -> None:
    assert desk.send("POST", "/v1/channels/edi/documents", content=b" \n").status_code == 400


def test_a_document_sent_again_under_its_key_has_the_same_receipt(desk: Desk) -> None:
    key = {"Idempotency-Key": "ic-1"}
    first, again = (desk.send("POST", "/v1/channels/edi/documents", key, content=X12) for _ in range(2))
    assert first.content == again.content


@pytest.mark.parametrize(
    ("path", "body", "resource"),
    [
        (INVENTORY, COUNT, "inventory-events"),
        (INVENTORY, [COUNT, {**COUNT, "kind": "adjusted", "quantity": "-3"}], "inventory-events"),
        (SHIPMENTS, DISPATCH, "shipment-events"),
        (SHIPMENTS, [DISPATCH, MILESTONE], "shipment-events"),
        (SHIPMENTS, {**MILESTONE, "code": {"vocabulary": "x12-214", "code": "D1", "reason": "NS"}}, "shipment-events"),
        (INVOICES, INVOICE, "invoice-events"),
        (INVOICES, [INVOICE, {**INVOICE, "kind": "paid", "lines": []}], "invoice-events"),
    ],
)
def test_facts_are_taken(desk: Desk, path: str, body: Any, resource: str) -> None:
    assert desk.send("POST", path, json=body).status_code == 202
    assert desk.log.one("channel.document")["resource"] == resource


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        (INVENTORY, {**COUNT, "quantity": "-1"}, ""),
        (INVENTORY, {**COUNT, "quantity": 120}, "/quantity"),
        (INVENTORY, {**COUNT, "kind": "lost"}, "/kind"),
        (INVENTORY, {**COUNT, "as_of": "yesterday"}, "/as_of"),
        (INVENTORY, {**COUNT, "event_id": None, "sequence": None}, ""),
        (INVENTORY, {**COUNT, "to_location": "DC2"}, ""),
        (INVENTORY, {**COUNT, "kind": "transferred"}, ""),
        (INVENTORY, {**COUNT, "shelf": "A1"}, "/shelf"),
        (INVENTORY, [COUNT, {**COUNT, "sku": ""}], "/1/sku"),
        (SHIPMENTS, {**DISPATCH, "order": {"number": "P-1"}}, "/order"),
        (SHIPMENTS, {**DISPATCH, "lines": [{"quantity": "1"}]}, "/lines/0"),
        (SHIPMENTS, {**DISPATCH, "kind": "lost"}, "/kind"),
        (SHIPMENTS, {**MILESTONE, "tracking": None}, ""),
        (SHIPMENTS, {**MILESTONE, "code": {"code": "D1"}}, "/code/vocabulary"),
        (SHIPMENTS, [DISPATCH, {**MILESTONE, "place": {"country": "usa"}}], "/1/place/country"),
        (INVOICES, {**INVOICE, "total": 246.24}, "/total"),
        (INVOICES, {**INVOICE, "lines": [{"line": "1", "quantity": "0"}]}, "/lines/0/quantity"),
    ],
)
def test_a_fact_that_makes_no_sense_is_refused_with_its_place(desk: Desk, path: str, body: Any, pointer: str) -> None:
    assert pointer in pointers(desk.send("POST", path, json=body))
    assert desk.log.sent == []


def test_a_source_can_only_be_spoken_for_by_its_key(desk: Desk) -> None:
    headers = desk.key("inventory:write@wms1")
    codes = [
        desk.send("POST", INVENTORY, headers, json=body).status_code
        for body in (COUNT, [COUNT, {**COUNT, "source": "wms2"}])
    ]
    assert codes == [202, 403]


def test_while_the_log_is_away_no_fact_is_promised(desk: Desk) -> None:
    desk.log.away = True
    assert {
        desk.send("POST", path, json=body).status_code
        for path, body in ((INVENTORY, COUNT), (SHIPMENTS, DISPATCH), (INVOICES, INVOICE))
    } == {503}
