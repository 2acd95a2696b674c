"""How each fact changes an order's rows: state is a fold of orders.events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from tables.orders import carts, counting, life, lines, stock
from tables.orders.rows import ORDER, Header, header_of
from tables.rows import Changes, Rows

Fold = Callable[[Header, Any, Rows], dict[str, Any]]

FOLDS: Mapping[str, Fold] = MappingProxyType(
    {
        "order.created": life.created,
        "order.repeated": life.unchanged,
        "order.changed": life.revised,
        "order.step.moved": life.step_moved,
        "order.accepted": life.accepted,
        "order.rejected": life.rejected,
        "order.confirmed": life.confirmed,
        "order.released": life.unchanged,
        "order.cancelled": life.cancelled,
        "order.completed": life.completed,
        "order.parked": life.parked,
        "order.unparked": life.unparked,
        "order.status.changed": life.status_changed,
        "order.facet.changed": life.facet_changed,
        "exception.raised": life.exception_raised,
        "exception.resolved": life.exception_resolved,
        "order.lines.changed": lines.changed,
        "order.stock.asked": stock.asked,
        "order.stock.noted": stock.noted,
        "order.stock.given_back": stock.given_back,
        "order.stock.deferred": stock.deferred,
        "order.shipment.counted": counting.shipment,
        "order.milestone.counted": counting.milestone,
        "order.invoice.counted": counting.invoice,
    }
)


def apply(kind: str, record: Any, rows: Rows) -> Changes:
    """The rows that a fact of an order or a cart changes; a fact of another type changes none."""
    fold = FOLDS.get(kind)
    if fold is None:
        return carts.apply(kind, record, rows)
    changes = fold(header_of(rows, record["order_id"]), record, rows)
    changes[ORDER]["seq"] = record["seq"]
    return changes
