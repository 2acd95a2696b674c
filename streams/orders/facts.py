"""The facts that this agent decides, with their makers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from schemas.generated import orders_v1

FACTS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "order.created": orders_v1.order_created,
        "order.repeated": orders_v1.order_repeated,
        "order.changed": orders_v1.order_changed,
        "order.step.moved": orders_v1.order_step_moved,
        "order.accepted": orders_v1.order_accepted,
        "order.rejected": orders_v1.order_rejected,
        "order.confirmed": orders_v1.order_confirmed,
        "order.released": orders_v1.order_released,
        "order.cancelled": orders_v1.order_cancelled,
        "order.completed": orders_v1.order_completed,
        "order.parked": orders_v1.order_parked,
        "order.unparked": orders_v1.order_unparked,
        "order.status.changed": orders_v1.order_status_changed,
        "order.facet.changed": orders_v1.order_facet_changed,
        "exception.raised": orders_v1.exception_raised,
        "exception.resolved": orders_v1.exception_resolved,
        "order.lines.changed": orders_v1.order_lines_changed,
        "order.stock.asked": orders_v1.stock_asked,
        "order.stock.noted": orders_v1.stock_noted,
        "order.stock.given_back": orders_v1.stock_given_back,
        "order.stock.deferred": orders_v1.stock_deferred,
        "order.shipment.counted": orders_v1.shipment_counted,
        "order.milestone.counted": orders_v1.milestone_counted,
        "order.invoice.counted": orders_v1.invoice_counted,
    }
)
