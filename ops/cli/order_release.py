"""`wharf order release`."""

from __future__ import annotations

import asyncio
import getpass
from typing import Annotated

import typer

from ops.cli.output import emit
from schemas.settings import Settings

Id = Annotated[str, typer.Argument(help="order id", metavar="ID")]


def release(order_id: Id) -> None:
    """Send what is reserved of an order to the warehouse, where its policy waits for that.

    \b
    Example:  wharf order release 2f1c…
    """
    from ops import running

    emit({"order_id": order_id, "command": asyncio.run(ask(running.connected(), order_id, getpass.getuser()))})


async def ask(settings: Settings, order_id: str, actor: str) -> str:
    """Put the command into the mailbox of orders; returns its id. Raises LogUnavailable."""
    from schemas.generated import orders_v1
    from streams.engine.client import Outbox

    outbox = Outbox(settings, "cli")
    try:
        record = orders_v1.release_order(order_id=order_id, actor=actor)
        return await outbox.send("order.release", order_id.partition(".")[0], record, tenant=settings.tenant)
    finally:
        await outbox.close()
