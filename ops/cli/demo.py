"""`wharf demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ops.cli.output import say
from ops.exits import Exit, Failed

Once = Annotated[bool, typer.Option("--once", help="end after the reconciliation: exit 0 if all of it holds, else 1")]
Json = Annotated[bool, typer.Option("--json", help="print verdict and figures as one JSON line on stdout")]
Orders = Annotated[int, typer.Option(min=0, help="how many orders; 2000, or all of the retail file, where not given")]
Seed = Annotated[int, typer.Option(help="the same seed gives the same orders")]
Carrier = Annotated[str, typer.Option("--broker", help="'embedded', or 'kafka': real Kafka from its jars")]
Retail = Annotated[Path, typer.Option(help="Online Retail data instead: CSV, or tar.gz or zip of CSV; on real Kafka")]
Days = Annotated[int, typer.Option(min=0, help="how many days of the retail file; all where not given")]
EMBEDDED, KAFKA = "embedded", "kafka"
INTERRUPTED = 130  # as a shell says it: 128 and SIGINT


def demo(
    once: Once = False,
    json: Json = False,
    orders: Orders = 0,
    seed: Seed = 7,
    broker: Carrier = EMBEDDED,
    retail: Retail | None = None,
    days: Days = 0,
) -> None:
    """Run the main job, watched live: a distributor's day, with an ERP that goes away and processes that are killed.

    It ends with a reconciliation of what the subscribers, the ERP and Redis hold, and stays up until Ctrl-C unless
    --once. Its state folder is its own (.wharf/demo), and empty at each start.

    \b
    Examples:  wharf demo
               wharf demo --once
               wharf demo --once --json --orders 200 --seed 3
               wharf demo --broker kafka
               wharf demo --retail online-retail-by-day.tar.gz --days 2 --once
    """
    from ops.demo.run import Spoilt, run
    from ops.demo.together import Interrupted
    from ops.demo.wish import Wish
    from schemas.settings import settings

    if broker not in (EMBEDDED, KAFKA):
        raise typer.BadParameter(f"--broker is {EMBEDDED} or {KAFKA}")
    if retail and not retail.exists():
        raise Failed(Exit.BAD_DATA, f"{retail}: no such file")
    wish = Wish(orders, seed, once, json, broker == KAFKA or retail is not None, retail, days)
    try:
        holds = run(wish, settings())
    except Interrupted:
        raise typer.Exit(INTERRUPTED) from None
    except Spoilt as exc:
        say(f"wharf demo: {exc}")
        raise typer.Exit(1) from None
    if not holds:
        raise typer.Exit(1)
