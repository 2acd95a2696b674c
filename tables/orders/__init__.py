"""What is remembered of an order: header, lines, SKUs, events counted, exceptions, parked cancels, shipments; and of a cart."""

from tables.orders.apply import apply
from tables.table import Table

_STATE = "wharf.state.orders.v1."

ORDERS = Table(
    name="orders",
    kinds={
        "order": _STATE + "Header",
        "line": "wharf.orders.v1.LineState",
        "sku": _STATE + "Sku",
        "event": _STATE + "Seen",
        "exception": _STATE + "OpenException",
        "pending": _STATE + "ParkedCancel",
        "shipment": _STATE + "Shipment",
        "cart": _STATE + "Cart",
        "cart-sku": _STATE + "CartSku",
    },
    apply=apply,
)

__all__ = ["ORDERS", "apply"]
