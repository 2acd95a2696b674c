"""`wharf order resolve`."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.output import emit

Id = Annotated[str, typer.Argument(help="order id", metavar="ID")]


def resolve(order_id: Id) -> None:
    """Read the order's original document again, with today's reference data; only its parked lines are taken.

    \b
    Example:  wharf send products.jsonl --reference products && wharf order resolve 2f1c…
    """
    from ops.gateway_client import gateway

    with gateway() as hub:
        emit(hub.post(f"/v1/orders/{order_id}/resolve", b"", "application/json"))
