"""`wharf tail`."""

from __future__ import annotations

from typing import Annotated

import typer

Topic = Annotated[str, typer.Argument(help="without environment prefix, such as orders.events")]
Beginning = Annotated[bool, typer.Option("--from-beginning", help="show what is there already, too")]
Once = Annotated[bool, typer.Option("--once", help="stop at the end instead of waiting for more")]
Key = Annotated[str, typer.Option(help="only this key, such as an order id")]
Kind = Annotated[str, typer.Option("--type", help="only this type, such as order.accepted")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=0, help="stop after so many; 0 = never")]


def tail(
    topic: Topic, beginning: Beginning = False, once: Once = False, key: Key = "", kind: Kind = "", limit: Limit = 0
) -> None:
    """Show a topic's records decoded, one JSON object per line.

    \b
    Examples:  wharf tail orders.events
               wharf tail orders.commands.dead --from-beginning --once
               wharf tail inventory.availability --key WIDGET-A
    """
    from ops import running
    from ops import tail as reading

    wish = reading.Wish(from_start=beginning, follow=not once, key=key, kind=kind, limit=limit)
    try:
        for record in reading.records(running.connected(), topic, wish):
            print(reading.line(record), flush=True)
    except KeyboardInterrupt:
        return
