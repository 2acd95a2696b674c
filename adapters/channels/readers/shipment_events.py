"""Dispatches and milestones: the JSON of `POST /v1/shipments/events` (reference/http.md)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from adapters.channels.readers import milestone_codes as codes
from adapters.channels.readers.document import Document, Reading
from adapters.channels.readers.events import order_references, read_all
from adapters.channels.readers.fields import MAX_NAME, Fields
from schemas.generated import shipments_v1 as shipments

KIND = "shipment"
DISPATCHED, MILESTONE = "dispatched", "milestone"
MAX_PIECES = 1_000_000


@dataclass(frozen=True, slots=True)
class RawGoods:
    """A quantity of a line, as sent."""

    line: str
    sku: str
    quantity: Decimal
    unit: str = ""
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RawDispatch:
    """A dispatch: everything but its lines is canonical already."""

    report: shipments.ReportDispatch
    goods: tuple[RawGoods, ...]


RawShipmentEvent = RawDispatch | shipments.ReportMilestone


def read(document: Document) -> Reading[RawShipmentEvent]:
    """All events of the document, or the pointers of what is wrong."""

    def one(fields: Fields) -> RawShipmentEvent:
        kind = fields.choice("kind", (DISPATCHED, MILESTONE))
        event = _milestone(fields) if kind == MILESTONE else _dispatch(fields)
        fields.done()
        return event

    return read_all(document, KIND, one, _name)


def _name(event: RawShipmentEvent) -> str:
    return event.report["event_id"] if isinstance(event, RawDispatch) else event["event_id"]


def _dispatch(fields: Fields) -> RawDispatch:
    report = shipments.report_dispatch(
        shipment=fields.text("shipment", required=True),
        source=fields.text("source", required=True, limit=64),
        event_id=fields.text("event_id", required=True),
        at=fields.instant("at", required=True) or 0,
        carrier=fields.text("carrier", limit=MAX_NAME),
        tracking=list(fields.texts("tracking", limit=1000)),
        packages=[
            package.text("sscc", required=True, limit=MAX_NAME) for package in fields.children("packages", limit=1000)
        ],
        location=fields.text("location", limit=MAX_NAME),
        references=order_references(fields),
    )
    return RawDispatch(report, tuple(goods(line) for line in fields.children("lines", required=True)))


def goods(fields: Fields) -> RawGoods:
    """A line of a dispatch: at least its line or its SKU, and a positive quantity."""
    quantity = fields.decimal("quantity", required=True, above=Decimal(0))
    found = RawGoods(
        line=fields.text("line", limit=MAX_NAME),
        sku=fields.text("sku", limit=MAX_NAME),
        quantity=Decimal(0) if quantity is None else quantity,
        unit=fields.text("unit", limit=16),
        amount=fields.decimal("amount"),
    )
    if not (found.line or found.sku):
        fields.note("WH1105", "line", 'expected "line" or "sku"; neither is given')
    fields.done()
    return found


def _milestone(fields: Fields) -> shipments.ReportMilestone:
    code, source_code, reason = _code(fields)
    place = fields.child("place")
    report = shipments.report_milestone(
        source=fields.text("source", required=True, limit=64),
        event_id=fields.text("event_id", required=True),
        at=fields.instant("at", required=True) or 0,
        at_evidence="explicit offset",
        carrier=fields.text("carrier", limit=MAX_NAME),
        tracking=fields.text("tracking"),
        shipment=fields.text("shipment"),
        sscc=fields.text("sscc", limit=MAX_NAME),
        references=order_references(fields) if fields.given("order") else [],
        code=code,
        source_code=source_code,
        reason=reason,
        city="" if place is None else place.text("city"),
        country="" if place is None else place.text("country"),
        eta=fields.instant("eta"),
        pieces=fields.whole("pieces", limit=MAX_PIECES),
    )
    for name in ("order", "place"):
        fields.raw(name)
    if not any(report[name] for name in ("tracking", "shipment", "sscc", "references")):
        fields.note(
            "WH1105",
            "tracking",
            'expected "tracking", "shipment", "sscc" or "order": nothing says whose milestone it is',
        )
    return report


def _code(fields: Fields) -> tuple[str, str, str]:
    """Canonical code, code as sent, reason as sent."""
    if isinstance(fields.values.get("code"), str):
        return fields.choice("code", sorted(codes.canonical())), "", fields.text("reason")
    foreign = fields.child("code", required=True)
    if foreign is None:
        return codes.UNMAPPED, "", ""
    vocabulary = foreign.choice("vocabulary", codes.vocabularies())
    code, reason = foreign.text("code", required=True, limit=MAX_NAME), foreign.text("reason", limit=MAX_NAME)
    foreign.done()
    mapped = codes.milestone_of(vocabulary, code) if vocabulary in codes.vocabularies() else codes.UNMAPPED
    return mapped, f"{vocabulary}:{code}", reason
