"""`wharf worker`."""

from __future__ import annotations

import os
from typing import Annotated

import typer

Agent = Annotated[str, typer.Argument(help="an agent's name, several joined by +, or all", metavar="AGENT|all")]
Slot = Annotated[str, typer.Option(help="slot of the transactional id; the first free one where not given")]


def worker(agent: Agent, slot: Slot = "") -> None:
    """Run one agent, or several or all in one process, until SIGTERM. Running more of the same is how it scales.

    \b
    Examples:  wharf worker inventory
               wharf worker inventory --slot 2
               wharf worker shipments+bundles
               wharf worker all
    """
    if slot:
        os.environ["WHARF_SLOT"] = slot
    from ops import worker as running
    from ops.process import begin, tell_health

    names = running.names_of(agent)
    told = begin(f"worker-{agent.partition(running.TOGETHER)[0]}")
    tell_health(told, lambda: running.probe(names))
    running.work(names, told.log_level)
