"""`wharf dead waiting`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from ops.cli.output import emit

Agent = Annotated[str, typer.Argument(help="an agent that keeps the order of a key", metavar="AGENT")]


def waiting(agent: Agent) -> None:
    """List the keys of an agent whose records wait behind a dead one, with where that stood and since when.

    \b
    Example:  wharf dead waiting orders
    """
    from ops import catalog, running
    from ops.exits import Exit, Failed
    from ops.waiting import held

    declared = catalog.agent_of(agent)
    if not declared.ordered:
        raise Failed(Exit.USAGE, f"{agent} lets nobody wait behind a dead record: it does not declare `ordered`")
    for one in held(running.connected(), agent, declared.mailbox):
        emit(asdict(one))
