"""`wharf inventory release`."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from ops.cli.output import emit
from schemas.settings import Settings

Sku = Annotated[str, typer.Argument(help="SKU", metavar="SKU")]
Holder = Annotated[str, typer.Argument(help="order or cart that holds it", metavar="HOLDER")]
Attempt = Annotated[
    int, typer.Option(min=1, help="newest attempt of the holder to be closed; a later one is not touched")
]


def release(sku: Sku, holder: Holder, attempt: Attempt) -> None:
    """Give back all that an order or cart holds of a SKU, and refuse its attempts up to this one from then on.

    For holds that leaked: an order that lives is cancelled instead, so that it knows. Doing it twice does it once.

    \b
    Example:  wharf inventory release WIDGET-A 2f1c… --attempt 1
    """
    from ops import running

    emit({"sku": sku, "holder": holder, "command": asyncio.run(ask(running.connected(), sku, holder, attempt))})


async def ask(settings: Settings, sku: str, holder: str, attempt: int) -> str:
    """Put the command into the mailbox of inventory; returns its id. Raises LogUnavailable."""
    from schemas.generated import inventory_v1
    from streams.engine.client import Outbox

    outbox = Outbox(settings, "cli")
    try:
        record = inventory_v1.release(sku=sku, holder=holder, attempt=attempt, reason="leaked")
        return await outbox.send("stock.release", sku, record, tenant=settings.tenant)
    finally:
        await outbox.close()
