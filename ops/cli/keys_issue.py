"""`wharf keys issue`."""

from __future__ import annotations

import asyncio
import time
from typing import Annotated

import typer

from ops.cli.output import emit, say

Scopes = Annotated[
    list[str], typer.Argument(help="such as orders:write@portal, feed:read@portal, ops:read, admin", metavar="SCOPE…")
]
Name = Annotated[str, typer.Option(help="whose key it is, for logs and timelines")]
Tenant = Annotated[str, typer.Option(help="tenant; the setting's where not given")]
Days = Annotated[int, typer.Option(min=1, help="valid for so many days")]


def issue(scopes: Scopes, name: Name = "", tenant: Tenant = "", days: Days = 365) -> None:
    """Make an API key. Its secret is printed once and kept nowhere: only its digest is.

    \b
    Examples:  wharf keys issue orders:write@portal orders:read@portal --name shop
               wharf keys issue admin --name on-call --days 1
    """
    from adapters.gateway.keys import issue as made
    from ops import running
    from ops.up.keys import publish

    settings, now = running.connected(), time.time_ns() // 1_000_000
    issued = made(scopes, name=name, expires_at=now + days * 86_400_000, version=now)
    asyncio.run(publish(settings, [issued.record], tenant or settings.tenant))
    emit({"key": issued.token, "key_id": issued.record["key_id"], "scopes": issued.record["scopes"]})
    say("keep it now: it is not shown again")
