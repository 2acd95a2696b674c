"""Reports of stock, shipments and invoices → commands of their mailboxes, quantities in base units.

A document of facts is whole or refused: one quantity that cannot be expressed refuses them all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeVar

from adapters.channels.readers.document import Accepted, Place, Problem, Reading, Rejected
from adapters.channels.readers.invoice_events import RawInvoice
from adapters.channels.readers.shipment_events import RawDispatch, RawGoods, RawShipmentEvent
from adapters.channels.readers.stock_events import ANNOUNCED, RawStock
from schemas.generated import inventory_v1 as inventory
from schemas.generated import reference_v1 as reference
from schemas.generated import shipments_v1 as shipments
from streams.engine.effects import Ask
from streams.normalize import quantities
from streams.normalize.quantities import Trouble
from streams.normalize.receipt import Outcome, warned
from tables.rows import Rows

T = TypeVar("T")
NOBODY = reference.partner(partner="", channel="")


class Measuring:
    """Expresses the quantities of one document, and notes what could not be expressed."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.located = any(True for _ in rows.scan("locations|"))  # who keeps no locations is not told of each
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def locate(self, location: str, pointer: str) -> None:
        """Say where a location is not known, as far as any is kept as reference data."""
        if self.located and location and self.rows.get(f"locations|{location}") is None:
            said = f"location {location} is not known; its stock is taken as it is told"
            self.warnings.append(Problem("WH1313", said, Place(pointer)))

    def steps(self, sku: str, quantity: Decimal, unit: str, pointer: str) -> int:
        """A quantity of a product in its base unit's steps; for an unknown product only whole items are taken."""
        product: reference.Product | None = self.rows.get(f"products|{sku}") if sku else None
        if product is None:
            product = reference.product(sku=sku)
            if sku:
                self.warnings.append(
                    Problem(
                        "WH1303", f"product {sku} is not known; its quantity is taken as whole items", Place(pointer)
                    )
                )
        code = quantities.unit_of(unit, "rec20", product, NOBODY, self.rows) if unit else product["base_unit"]
        measure = quantities.measure(code, product, None) if code else Trouble("", f"unit {unit!r} is ambiguous")
        found = measure if isinstance(measure, Trouble) else quantities.steps(quantity, measure, product)
        if isinstance(found, Trouble):
            self.problems.append(Problem("WH1304", f"{sku or 'a line without SKU'}: {found.detail}", Place(pointer)))
            return 0
        return found


def stock(reading: Reading[RawStock], rows: Rows) -> Outcome:
    """One stock.report per count or movement, one stock.announce-supply per announcement, keyed by its SKU."""

    def ask(report: RawStock, measuring: Measuring, pointer: str) -> Ask:
        measuring.locate(report.location, f"{pointer}/location")
        measuring.locate(report.to_location, f"{pointer}/to_location")
        if report.kind == ANNOUNCED:
            return _announcement(report, measuring, pointer)
        unsellable = report.unsellable
        record = inventory.report_stock(
            sku=report.sku,
            kind=report.kind,
            source=report.source,
            sequence=report.sequence,
            event_id=report.event_id,
            as_of=report.as_of,
            location=report.location,
            quantity=measuring.steps(report.sku, report.quantity, report.unit, f"{pointer}/quantity"),
            unsellable=None
            if unsellable is None
            else measuring.steps(report.sku, unsellable, report.unit, f"{pointer}/unsellable"),
            classes={
                name: measuring.steps(report.sku, units, report.unit, f"{pointer}/classes/{name}")
                for name, units in report.classes
            },
            to_location=report.to_location,
            reason=report.reason,
            stock_class=report.stock_class,
            supply=report.supply,
        )
        return Ask("stock.report", report.sku, record)

    return _all(reading, rows, ask)


def _announcement(report: RawStock, measuring: Measuring, pointer: str) -> Ask:
    record = inventory.announce_supply(
        sku=report.sku,
        supply=report.supply,
        kind=report.supply_kind or "PO_PLACED",
        source=report.source,
        location=report.location,
        quantity=measuring.steps(report.sku, report.quantity, report.unit, f"{pointer}/quantity"),
        due=report.due or report.as_of,
        sequence=report.sequence,
        as_of=report.as_of,
    )
    return Ask("stock.announce-supply", report.sku, record)


def shipment(reading: Reading[RawShipmentEvent], rows: Rows) -> Outcome:
    """One report per dispatch or milestone, to the tenant's shipments."""

    def ask(event: RawShipmentEvent, measuring: Measuring, pointer: str) -> Ask:
        if not isinstance(event, RawDispatch):
            return Ask("shipment.report-milestone", "", event)
        lines = [
            shipments.shipped_line(line=line.line, sku=line.sku, quantity=quantity)
            for line, quantity in _measured(event.goods, measuring, pointer)
        ]
        return Ask("shipment.report-dispatch", "", {**event.report, "lines": lines})

    return _all(reading, rows, ask)


def invoice(reading: Reading[RawInvoice], rows: Rows) -> Outcome:
    """One report per invoice fact, to the tenant's shipments."""

    def ask(event: RawInvoice, measuring: Measuring, pointer: str) -> Ask:
        lines = [
            shipments.invoiced_line(line=line.line, sku=line.sku, quantity=quantity, amount=line.amount)
            for line, quantity in _measured(event.goods, measuring, pointer)
        ]
        return Ask("shipment.report-invoice", "", {**event.report, "lines": lines})

    return _all(reading, rows, ask)


def _measured(goods: Sequence[RawGoods], measuring: Measuring, pointer: str) -> list[tuple[RawGoods, int]]:
    return [
        (line, measuring.steps(line.sku, line.quantity, line.unit, f"{pointer}/lines/{index}/quantity"))
        for index, line in enumerate(goods)
    ]


def _all(reading: Reading[T], rows: Rows, ask: Callable[[T, Measuring, str], Ask]) -> Outcome:
    measuring = Measuring(rows)
    accepted: Sequence[Accepted[T]] = reading.accepted
    pointers = [f"/{index}" if len(accepted) > 1 else "" for index in range(len(accepted))]
    asks = tuple(ask(event.value, measuring, pointer) for event, pointer in zip(accepted, pointers, strict=True))
    if measuring.problems:
        return Outcome(reading.kind, refused=(Rejected(tuple(measuring.problems)),))
    return Outcome(reading.kind, asks, reading.refused, warned("", measuring.warnings))
