"""What kind of document it is: by the resource it was sent to, else by its first bytes and its fields."""

from __future__ import annotations

from adapters.channels.readers import (
    cancels,
    events,
    invoice_events,
    portal_order,
    reservations,
    shipment_events,
    stock_events,
)
from adapters.channels.readers.document import Document, Reading, Rejected, rejected
from adapters.channels.readers.strict_json import parse
from adapters.channels.readers.x12 import reader as x12
from adapters.channels.readers.x12.structure import looks_like_x12

READERS = {
    "orders": portal_order.read,
    "order-cancel": cancels.read,
    "inventory-events": stock_events.read,
    "shipment-events": shipment_events.read,
    "invoice-events": invoice_events.read,
    reservations.HOLD: reservations.hold,
    reservations.EXTEND: reservations.extend,
    reservations.RELEASE: reservations.release,
    "x12": x12.read,
}
KINDS = tuple(READERS)


def read(document: Document) -> Reading[object]:
    """Read a document by the kind that its resource names or its content shows."""
    resource = document.resource if document.resource in READERS else kind_of(document)
    if isinstance(resource, Rejected):
        return Reading("", (resource,))
    return READERS[resource](document)


def kind_of(document: Document) -> str | Rejected:
    """The reader for a document that does not say what it is."""
    if looks_like_x12(document.body):
        return "x12"
    start = document.body.lstrip()[:1]
    if not start:
        return rejected("WH1002", "expected a document, came an empty body")
    if start in (b"{", b"[") or "json" in document.media_type:
        return _json_kind(document)
    return rejected("WH1001", "expected X12 (beginning with ISA) or a JSON object; this is neither")


def _json_kind(document: Document) -> str | Rejected:
    value = parse(document.body)
    if isinstance(value, Rejected):
        return value
    first = value[0] if isinstance(value, list) and value else value
    if not isinstance(first, dict):
        return rejected("WH1001", f"expected an object or an array of up to {events.MAX_EVENTS} objects")
    named = first.get("kind")
    for kinds, reader in (
        (stock_events.KINDS, "inventory-events"),
        ((shipment_events.DISPATCHED, shipment_events.MILESTONE), "shipment-events"),
        (invoice_events.KINDS, "invoice-events"),
    ):
        if isinstance(named, str) and named in kinds:
            return reader
    if "lines" in first and "kind" not in first:
        return "orders"
    return rejected("WH1001", 'expected an order with "lines", or an event with a known "kind"; this is neither')
