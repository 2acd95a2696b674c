"""`wharf inventory drift`."""

from __future__ import annotations

import sys
import time
from typing import Annotated, Any

import typer

from ops.cli.output import emit, say

Location = Annotated[str, typer.Option(help="at this location only")]
Source = Annotated[str, typer.Option(help="of this source only, such as erp")]
Exceptions = Annotated[bool, typer.Option("--exceptions", help="only those that outlasted their tolerance")]
Json = Annotated[bool, typer.Option("--json", help="JSON lines, also where a person looks on")]


def drift(location: Location = "", source: Source = "", exceptions: Exceptions = False, json: Json = False) -> None:
    """Show where a source that is only observed says something else than wharf: how much, since when, and why.

    Compared is as of the source's own time. What explains it are events since the two agreed last: those that the
    source has not heard, or reported alone. An exception outlasted the location's tolerance (`wharf send --reference
    locations`; without one the larger of 10 units and 20 %, for an hour). Below the table stand the commands that settle
    each. Reads the log, changes nothing; GET /v1/inventory/drift tells the same from Redis.

    \b
    Examples:  wharf inventory drift
               wharf inventory drift --source erp --exceptions
               wharf inventory drift --location DC1 --json | jq '.figures[] | {stock_class, difference, unexplained}'
    """
    from ops import running
    from ops.stock import drift as looking
    from tables.redis.drift_view import Wanted

    views = looking.look(running.connected(), Wanted("", location, source, exceptions))
    found = looking.told(views, int(time.time() * 1000))
    if json or not sys.stdout.isatty():
        for view in found:
            emit(view)
    elif found:
        table(found)
    say(looking.summary(found))


def table(found: list[dict[str, Any]]) -> None:
    """A row per figure that drifts, and below it the commands that settle them."""
    from rich.console import Console
    from rich.table import Column, Table

    from ops.stock.drift import because
    from ops.stock.shown import age

    shown = Table(
        "SKU", "location", "source", "stock", Column("says", justify="right"), Column("wharf", justify="right"),
        Column("differs", justify="right"), "for", "exception", Column("because", overflow="fold"),
    )  # fmt: skip
    for view in found:
        for figure in view["figures"]:
            old = "" if view["age_seconds"] is None else age(view["age_seconds"])
            shown.add_row(
                view["sku"], view["location"], view["source"], figure["stock_class"], figure["observed"],
                figure["expected"], figure["difference"], old, "yes" if figure["exception_since"] else "",
                because(figure) if view["exact"] else "older than what is known: not comparable",
            )  # fmt: skip
    Console().print(shown)
    for view in found:
        for command in view["settle"]:
            print(command)
