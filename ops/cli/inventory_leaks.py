"""`wharf inventory leaks`."""

from __future__ import annotations

import re
import sys
import time
from typing import Annotated, Any

import typer

from ops.cli.output import emit, say
from ops.exits import Exit, Failed

Older = Annotated[str, typer.Option(help="also holds older than this, such as 12h or 30d", metavar="AGE")]
Json = Annotated[bool, typer.Option("--json", help="JSON lines, also where a person looks on")]
UNITS_MS = {"s": 1_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}


def leaks(older_than: Older = "", json: Json = False) -> None:
    """Show stock that is held beyond its right: its order has ended, its time is over, or it is too old.

    Says who holds how much since when, how its order stands, and the command that gives it back. Changes nothing.

    \b
    Examples:  wharf inventory leaks
               wharf inventory leaks --older-than 30d
    """
    oldest = duration(older_than)
    from ops import running
    from ops.stock import leaks as finding
    from ops.stock.ledger import look

    holdings, states = look(running.connected(), lambda more: None)
    found = list(finding.leaks(holdings, states, int(time.time() * 1000), oldest))
    if json or not sys.stdout.isatty():
        for leak in found:
            emit(leak)
    elif found:
        table(found)
    say(f"{len(holdings)} holdings looked at, {len(found)} beyond their right")


def duration(text: str) -> int | None:
    """An age such as 90min, 12h or 30d, in ms; None where none is given. raises Failed"""
    if not text:
        return None
    found = re.fullmatch(r"(\d+)\s*(s|min|h|d)", text)
    if found is None:
        raise Failed(Exit.USAGE, f"--older-than {text}: not an age such as 90min, 12h or 30d")
    return int(found[1]) * UNITS_MS[found[2]]


def table(found: list[dict[str, Any]]) -> None:
    """The leaks as a table, and below it the commands that give them back."""
    from rich.console import Console
    from rich.table import Column, Table

    from ops.stock.shown import age

    number = Column("units", justify="right")
    shown = Table(Column("held by", overflow="fold"), "kind", "SKU", number, "for", "order", Column("why"))
    for leak in found:
        units = f"{leak['reserved']} + {leak['allocated']} firm, {leak['waiting']} queued"
        old = "" if leak["age_seconds"] is None else age(leak["age_seconds"])
        shown.add_row(leak["holder"], leak["kind"], leak["sku"], units, old, leak["order"], leak["why"])
    Console().print(shown)
    for leak in found:
        print(leak["give_back"])
