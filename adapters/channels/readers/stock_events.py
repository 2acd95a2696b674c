"""Counts and movements of stock: the JSON of `POST /v1/inventory/events` (reference/http.md)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from adapters.channels.readers.document import Document, Reading
from adapters.channels.readers.events import read_all
from adapters.channels.readers.fields import MAX_NAME, Fields

KIND = "stock"
COUNTED, TRANSFERRED, ANNOUNCED = "counted", "transferred", "announced"
KINDS = (COUNTED, "received", "adjusted", TRANSFERRED, "damaged", "quarantined", "cleared", "corrected", ANNOUNCED)
SUPPLIES = ("PO_PLACED", "PO_CONFIRMED", "PO_SHIPPED", "IN_TRANSIT", "WIP", "PLAN", "RETURN_EXPECTED")
CLASSES = ("damaged", "quarantined", "inspection", "display", "other")


@dataclass(frozen=True, slots=True)
class RawStock:
    """One report of a source, quantities as sent."""

    kind: str
    sku: str
    source: str
    location: str
    quantity: Decimal
    as_of: int
    sequence: int | None = None
    event_id: str = ""
    unit: str = ""
    unsellable: Decimal | None = None
    classes: tuple[tuple[str, Decimal], ...] = ()  # of a count: what is unsellable, by class
    to_location: str = ""
    reason: str = ""
    stock_class: str = ""
    supply: str = ""
    supply_kind: str = ""
    due: int | None = None


def read(document: Document) -> Reading[RawStock]:
    """All reports of the document, or the pointers of what is wrong."""
    return read_all(document, KIND, _report, lambda report: report.event_id or f"{report.source}/{report.sequence}")


def _report(fields: Fields) -> RawStock:
    kind = fields.choice("kind", KINDS)
    absolute = kind in (COUNTED, ANNOUNCED)  # the others are signed movements
    least = Decimal(0) if absolute else None
    quantity = fields.decimal("quantity", required=True, minimum=least)
    report = RawStock(
        kind=kind,
        sku=fields.text("sku", required=True, limit=MAX_NAME),
        source=fields.text("source", required=True, limit=64),
        location=fields.text("location", required=True, limit=MAX_NAME),
        quantity=Decimal(0) if quantity is None else quantity,
        as_of=fields.instant("as_of", required=True) or 0,
        sequence=fields.whole("sequence"),
        event_id=fields.text("event_id"),
        unit=fields.text("unit", limit=16),
        unsellable=fields.decimal("unsellable", minimum=Decimal(0)),
        classes=_classes(fields, kind),
        to_location=fields.text("to_location", limit=MAX_NAME),
        reason=fields.text("reason"),
        stock_class=fields.choice("stock_class", CLASSES, required=False),
        supply=fields.text("supply", required=kind == ANNOUNCED, limit=64),
        supply_kind=fields.choice("supply_kind", SUPPLIES, required=False),
        due=fields.instant("due", required=kind == ANNOUNCED),
    )
    if not report.event_id and report.sequence is None:
        fields.note("WH1105", "event_id", 'expected "event_id" or "sequence": without one a repeat cannot be told')
    if kind == TRANSFERRED and not report.to_location:
        fields.note("WH1105", "to_location", 'expected "to_location": a transfer has two ends')
    fields.done()
    return report


def _classes(fields: Fields, kind: str) -> tuple[tuple[str, Decimal], ...]:
    """Unsellable units by class, in the order of the closed list."""
    given = fields.child("classes")
    if given is None:
        return ()
    found = [(name, given.decimal(name, minimum=Decimal(0))) for name in CLASSES]
    given.done()
    if kind != COUNTED or fields.given("unsellable"):
        fields.note("WH1107", "classes", "classes belong to a count, which then says no unsellable: it is their sum")
    return tuple((name, units) for name, units in found if units is not None)
