"""`wharf inventory correct`."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

import typer

from ops.cli.availability_explain import moment
from ops.cli.output import emit
from ops.exits import Exit, Failed
from schemas.settings import Settings

Sku = Annotated[str, typer.Argument(help="SKU", metavar="SKU")]
Location = Annotated[str, typer.Option(help="where")]
Source = Annotated[str, typer.Option(help="the observed source, such as erp")]
AsOf = Annotated[str, typer.Option(help="time of the observation that you judge, as `wharf inventory drift` shows it")]
Accept = Annotated[
    Literal["observed", "derived"], typer.Option(help="observed: the source is right; derived: wharf is")
]
By = Annotated[str, typer.Option(help="who decides", metavar="NAME")]
Reason = Annotated[str, typer.Option(help="why", metavar="WHY")]


def correct(sku: Sku, location: Location, source: Source, as_of: AsOf, accept: Accept, by: By, reason: Reason) -> None:
    """Say which of two figures is right, on the record. A second decision finds nothing left.

    observed: the position becomes what the source said as of its time, movements after it merged in, until the
    authority's next count. derived: stock stays; the source is known to be off by so much and is no exception any more,
    until it says something else. An observation that is not the newest is not judged.

    \b
    Example:  wharf inventory correct WIDGET-A --location DC1 --source erp --as-of 2026-03-02T08:00:00Z \\
                --accept observed --by ann --reason "counted twice, rack 7"
    """
    at = moment(as_of, "--as-of")
    if at is None or not by.strip() or not reason.strip():
        raise Failed(Exit.USAGE, "--as-of, --by and --reason: a decision has a time, a name and a reason")
    from ops import running

    command = asyncio.run(ask(running.connected(), sku, (location, source, at), accept, by, reason))
    emit({"sku": sku, "location": location, "source": source, "accept": accept, "command": command})


async def ask(settings: Settings, sku: str, of: tuple[str, str, int], accept: str, by: str, reason: str) -> str:
    """Put the command into the mailbox of inventory; returns its id. Raises LogUnavailable.

    of  location, source and time of the observation
    """
    from schemas.generated import inventory_v1
    from streams.engine.client import Outbox

    location, source, as_of = of
    outbox = Outbox(settings, "cli")
    try:
        record = inventory_v1.correct_drift(
            sku=sku, location=location, source=source, as_of=as_of, accept=accept, by=by, reason=reason
        )
        return await outbox.send("stock.correct-drift", sku, record, tenant=settings.tenant)
    finally:
        await outbox.close()
