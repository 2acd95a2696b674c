"""The rows of shipments as a fold of its facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from schemas.generated.shipments_v1 import (
    FactIgnored,
    FactParked,
    FactUnparked,
    InvoicePosted,
    MilestoneRecorded,
    ReferencesClaimed,
    ShipmentDispatched,
)
from schemas.generated.state_shipments_v1 import Line, Order, order, parked, pointer, reference, seen, waiting
from schemas.generated.state_shipments_v1 import line as new_line
from tables.rows import Changes, Rows
from tables.shipments.membership import joined, stepped
from tables.shipments.names import (
    below,
    carrier_of,
    invoice_key,
    line_row,
    order_keys,
    parcel_keys,
    reference_row,
    row,
)


def apply(kind: str, record: Any, rows: Rows) -> Changes:
    """The rows that a fact changes."""
    return _FOLDS[kind](record, rows)


def lines_of(order_id: str, rows: Rows) -> list[Line]:
    """The lines that an order claimed, in its own sequence."""
    return [row for _, row in rows.scan(below("line", order_id))]


def _claimed(fact: ReferencesClaimed, rows: Rows) -> Changes:
    order_id, name = fact["order_id"], row("order", fact["order_id"])
    before: Order = rows.get(name) or order(order_id=order_id, channel=fact["channel"])
    customer = fact["customer"] or before["customer"]
    keys = list(dict.fromkeys([*before["references"], *order_keys(fact["references"])]))
    changes: dict[str, Any] = {name: {**before, "customer": customer, "references": keys}}
    for claimed in fact["references"]:
        changes[reference_row(claimed, order_id)] = reference(
            kind=claimed["kind"], value=claimed["value"], party=claimed["party"], order_id=order_id, customer=customer
        )
    return changes | _lines(fact, rows)


def _lines(fact: ReferencesClaimed, rows: Rows) -> dict[str, Any]:
    """Told lines by their id; the place of a line, once given, stays."""
    before = lines_of(fact["order_id"], rows)
    places = {line["line"]: place for place, line in enumerate(before)}
    changes: dict[str, Any] = {}
    for told in fact["lines"]:
        place = places.setdefault(told["line"], len(places))
        old = before[place] if place < len(before) else new_line(line=told["line"], sku=told["sku"])
        recipe = old["components"] or told["components"]  # the one that the order was taken with
        changes[line_row(fact["order_id"], place)] = {
            **old, "sku": told["sku"], "quantity": told["quantity"], "components": recipe
        }  # fmt: skip
    return changes


def _dispatched(fact: ShipmentDispatched, rows: Rows) -> Changes:
    order_id, shipment = fact["order_id"], fact["shipment"]
    name = row("shipment", shipment, order_id)
    lead = pointer(shipment=shipment, order_id=order_id, carrier=carrier_of(fact["carrier"]), at=fact["at"])
    changes: dict[str, Any] = {name: joined(rows.get(name), fact), row("leg", order_id, shipment): lead}
    for parcel in parcel_keys(fact["tracking"], fact["packages"]):
        changes[row("parcel", parcel, lead["carrier"], shipment, order_id)] = lead
    return (
        changes
        | _apart(fact, _counted(order_id, "shipped", fact["lines"], rows))
        | _taken("dispatch", fact["source"], fact["event_id"], fact["at"])
    )


def _apart(fact: ShipmentDispatched, counted: dict[str, Any]) -> dict[str, Any]:
    """The components of bundles that left by their own names, beside the bundles that became whole by them."""
    parts = {line["line"]: line["parts"] for line in fact["lines"] if line["parts"]}
    return {
        name: {**line, "parts": _added(line["parts"], parts.get(line["line"], {}))} for name, line in counted.items()
    }


def _added(units: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return {**units, **{sku: units.get(sku, 0) + count for sku, count in more.items()}}


def _counted(order_id: str, what: str, told: Sequence[Any], rows: Rows) -> dict[str, Any]:
    """Told quantities added to the lines that they name; a line that is not the order's is counted nowhere."""
    sums: dict[str, int] = {}
    for part in told:
        sums[part["line"]] = sums.get(part["line"], 0) + part["quantity"]
    lines = enumerate(lines_of(order_id, rows))
    return {
        line_row(order_id, place): {**line, what: line[what] + sums[line["line"]]}  # type: ignore[literal-required]
        for place, line in lines
        if line["line"] in sums
    }


def _recorded(fact: MilestoneRecorded, rows: Rows) -> Changes:
    name = row("shipment", fact["shipment"], fact["order_id"])
    changes: dict[str, Any] = {name: stepped(rows.get(name), fact)}
    if fact["derived"]:
        return changes
    step = row("step", fact["shipment"], fact["order_id"], fact["fact_id"])
    return changes | {step: fact} | _taken("milestone", fact["source"], fact["event_id"], fact["at"])


def _invoiced(fact: InvoicePosted, rows: Rows) -> Changes:
    name = row("invoice", fact["order_id"], invoice_key(fact))
    counted = _counted(fact["order_id"], "invoiced", fact["lines"], rows) if fact["kind"] == "posted" else {}
    return {name: seen(at=fact["at"])} | counted | _taken("invoice", fact["source"], fact["event_id"], fact["at"])


def _parked(fact: FactParked, rows: Rows) -> Changes:
    parked_id = fact["parked_id"]
    waits = parked(
        parked_id=parked_id,
        kind=fact["kind"],
        reason=fact["reason"],
        references=fact["references"],
        body=fact["body"],
        at=fact["at"],
    )
    leads = {row("waiting", key, parked_id): waiting(parked_id=parked_id) for key in fact["references"]}
    return (
        {row("parked", parked_id): waits} | leads | _taken(fact["kind"], fact["source"], fact["event_id"], fact["at"])
    )


def _unparked(fact: FactUnparked, rows: Rows) -> Changes:
    name = row("parked", fact["parked_id"])
    waits = rows.get(name)
    if waits is None:
        return {}
    if fact["outcome"] == "overdue":
        return {name: {**waits, "overdue": True}}
    return {name: None} | {row("waiting", key, fact["parked_id"]): None for key in waits["references"]}


def _ignored(fact: FactIgnored, rows: Rows) -> Changes:
    return _taken(fact["kind"], fact["source"], fact["event_id"], 0)


def _taken(kind: str, source: str, event_id: str, at: int) -> dict[str, Any]:
    return {row("event", source, kind, event_id): seen(at=at)} if event_id else {}


_FOLDS: dict[str, Callable[[Any, Rows], Changes]] = {
    "shipment.references.claimed": _claimed,
    "shipment.dispatched": _dispatched,
    "shipment.milestone.recorded": _recorded,
    "invoice.posted": _invoiced,
    "shipment.parked": _parked,
    "shipment.unparked": _unparked,
    "shipment.ignored": _ignored,
}
