"""Shipments, milestones and invoices: counted once each, remembered by their event id."""

from __future__ import annotations

from typing import Any

from schemas.generated import state_orders_v1
from tables.orders.rows import ORDER, Header, Shipment, counted, event_name, quantities, shipment_name, shipment_of
from tables.rows import Rows

FAILED = ("refused", "lost")
PAYMENTS = {"paid": "paid", "credited": "part_refunded"}


def shipment(order: Header, record: Any, rows: Rows) -> dict[str, Any]:
    """order.shipment.counted: what left, added to what left before under the same shipment."""
    row = _shipment(rows, record)
    shipped = counted(row["shipped"], quantities(record["lines"]))
    return {
        ORDER: dict(order),
        **_seen("dispatch", record),
        shipment_name(row["shipment"]): {**row, "shipped": shipped},
    }


def milestone(order: Header, record: Any, rows: Rows) -> dict[str, Any]:
    """order.milestone.counted: a step of a shipment; the lines it delivered or returned, unless it is late."""
    row: Any = dict(_shipment(rows, record))
    if not record["late"]:
        row["milestone"] = record["code"]
        part = {"delivered": "delivered", "delivered_partial": "delivered", "returned": "returned"}.get(record["code"])
        if part:
            row[part] = counted(row[part], quantities(record["lines"]))
    failed = order["delivery_failed"] or (record["code"] in FAILED and not record["late"])
    changes = {ORDER: {**order, "delivery_failed": failed}, **_seen("milestone", record)}
    return {**changes, shipment_name(record["shipment"]): row}


def invoice(order: Header, record: Any, rows: Rows) -> dict[str, Any]:
    """order.invoice.counted: billed, paid or credited."""
    payment = PAYMENTS.get(record["kind"], order["payment"])
    return {ORDER: {**order, "payment": payment}, **_seen("invoice", record)}


def _seen(kind: str, record: Any) -> dict[str, Any]:
    return {event_name(kind, record["event_id"]): state_orders_v1.seen(kind=kind, at=record["at"])}


def _shipment(rows: Rows, record: Any) -> Shipment:
    known = shipment_of(rows, record["shipment"])
    return known or state_orders_v1.shipment(shipment=record["shipment"], at=record["at"])
