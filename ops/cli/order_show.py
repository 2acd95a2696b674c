"""`wharf order show`."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.output import emit

Id = Annotated[str, typer.Argument(help="order id, or with --channel the order's number there", metavar="ID")]
Channel = Annotated[str, typer.Option(help="find the order by its number at this channel")]
Timeline = Annotated[bool, typer.Option("--timeline", help="what happened to it, instead of how it stands")]
Log = Annotated[bool, typer.Option("--log", help="its facts from the log, however old; needs no gateway")]


def show(order_id: Id, channel: Channel = "", timeline: Timeline = False, log: Log = False) -> None:
    """Show how an order stands, where it is stuck and why.

    \b
    Examples:  wharf order show 2f1c…
               wharf order show P-1001 --channel portal
               wharf order show 2f1c… --timeline
               wharf order show 2f1c… --log
    """
    if log:
        _from_log(order_id)
        return
    from ops.gateway_client import gateway

    with gateway() as hub:
        found = hub.get("/v1/orders", channel=channel, number=order_id)["orders"] if channel else [order_id]
        for one in found:
            own = one["order_id"] if isinstance(one, dict) else one
            if timeline:
                for entry in hub.get(f"/v1/orders/{own}/timeline")["entries"]:
                    emit(entry)
            else:
                emit(hub.get(f"/v1/orders/{own}"))


def _from_log(order_id: str) -> None:
    from ops import running, tail

    wish = tail.Wish(from_start=True, follow=False, key=order_id)
    for record in tail.records(running.connected(), "orders.events", wish):
        print(tail.line(record))
