"""Invoices and payments from finance: the JSON of `POST /v1/invoices/events` (reference/http.md)."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.channels.readers.document import Document, Reading
from adapters.channels.readers.events import order_references, read_all
from adapters.channels.readers.fields import Fields
from adapters.channels.readers.shipment_events import RawGoods, goods
from schemas.generated import shipments_v1 as shipments

KIND = "invoice"
KINDS = ("posted", "paid", "credited")


@dataclass(frozen=True, slots=True)
class RawInvoice:
    """An invoice fact: everything but its lines is canonical already."""

    report: shipments.ReportInvoice
    goods: tuple[RawGoods, ...]


def read(document: Document) -> Reading[RawInvoice]:
    """All facts of the document, or the pointers of what is wrong."""
    return read_all(document, KIND, _invoice, lambda invoice: invoice.report["event_id"])


def _invoice(fields: Fields) -> RawInvoice:
    kind = fields.choice("kind", KINDS)
    report = shipments.report_invoice(
        kind=kind,
        source=fields.text("source", required=True, limit=64),
        event_id=fields.text("event_id", required=True),
        at=fields.instant("at", required=True) or 0,
        number=fields.text("number", required=True),
        references=order_references(fields),
        tax=fields.decimal("tax"),
        total=fields.decimal("total"),
        currency=fields.text("currency", limit=3),
    )
    if report["total"] is not None and not report["currency"]:
        fields.note("WH1105", "currency", 'expected "currency": an amount without one means nothing')
    lines = tuple(goods(line) for line in fields.children("lines", required=kind != "paid"))
    fields.done()
    return RawInvoice(report, lines)
