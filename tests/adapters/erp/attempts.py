"""Attempts as post grants them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from schemas.generated.erp_v1 import PostAttempt, post_attempt, post_line

FAR = 4_000_000_000_000


def attempt(order: str = "O-1", action: str = "create", **more: Any) -> PostAttempt:
    """One attempt for an order of 24 WIDGET."""
    told = {
        "attempt_id": f"{order}:1:1",
        "order_id": order,
        "revision": 1,
        "attempt": 1,
        "action": action,
        "erp": "erp",
        "idempotency_key": f"wharf:{order}:1",
        "channel": "portal",
        "number": f"P-{order}",
        "customer": "7001",
        "currency": "USD",
        "deadline": FAR,
        "lines": [post_line(line="1", sku="WIDGET", quantity=24, unit="EA", price=Decimal("9.50"))],
        **more,
    }
    return post_attempt(**told)
