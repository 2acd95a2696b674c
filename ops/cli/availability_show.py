"""`wharf availability show`."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import typer

from ops.cli.output import emit

Sku = Annotated[list[str], typer.Argument(help="SKU", metavar="SKU…")]
Channel = Annotated[str, typer.Option(help="as this channel sees it")]
Location = Annotated[str, typer.Option(help="at this location only")]


def show(sku: Sku, channel: Channel = "portal", location: Location = "") -> None:
    """Show what may be promised of a SKU, how old that is, and where it stands.

    \b
    Example:  wharf availability show WIDGET-A --channel portal
    """
    from ops.gateway_client import gateway

    with gateway() as hub:
        for one in sku:
            emit(hub.get(f"/v1/availability/{quote(one, safe='')}", channel=channel, location=location))
