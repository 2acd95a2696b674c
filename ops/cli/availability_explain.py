"""`wharf availability explain`."""

from __future__ import annotations

import sys
import time
from typing import Annotated

import typer

from ops.cli.output import emit
from ops.exits import Exit, Failed

Sku = Annotated[str, typer.Argument(help="SKU", metavar="SKU")]
Channel = Annotated[str, typer.Option(help="as this channel is offered it; without one, as any without rules is")]
At = Annotated[str, typer.Option(help="as it was then by the log's time, such as 2026-03-02T10:00:00Z", metavar="TIME")]
Json = Annotated[bool, typer.Option("--json", help="JSON, also where a person looks on")]


def explain(sku: Sku, channel: Channel = "", at: At = "", json: Json = False) -> None:
    """Show why a SKU's number is what it is: terms that add up to it, the events behind each, and who holds what.

    Replays the SKU's facts from the log; needs no gateway, writes nothing.

    \b
    Examples:  wharf availability explain WIDGET-A --channel portal
               wharf availability explain WIDGET-A --at 2026-03-02T10:00:00Z
               wharf availability explain WIDGET-A --json | jq '.terms[] | {code, amount}'
    """
    from ops import running
    from ops.stock.replay import explained, replay
    from ops.stock.shown import as_json, for_people

    until = moment(at)
    replayed = replay(running.connected(), sku, until)
    told = as_json(explained(sku, replayed, channel), int(time.time() * 1000) if until is None else until)
    if json or not sys.stdout.isatty():
        emit(told)
    else:
        from rich.console import Console

        Console().print(for_people(told))


def moment(text: str, option: str = "--at") -> int | None:
    """A time of RFC 3339 as ms; None where none is given. raises Failed, which names the option"""
    from schemas.envelope import millis

    try:
        return millis(text) if text else None
    except ValueError as exc:
        raise Failed(Exit.USAGE, f"{option} {text}: not a time such as 2026-03-02T10:00:00Z") from exc
