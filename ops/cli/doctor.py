"""`wharf doctor`."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.output import emit, say
from ops.exits import Exit

All = Annotated[bool, typer.Option("--all", help="show what is good, too")]


def doctor(everything: All = False) -> None:
    """Is everything reachable, of the right version, of the right configuration? Exit 69 where it is not.

    \b
    Examples:  wharf doctor
               WHARF_KAFKA=broker:9092 wharf doctor --all
    """
    from dataclasses import asdict

    from ops import running
    from ops.doctor.finding import State
    from ops.doctor.visit import visit

    found = list(visit(running.connected()))
    for one in found:
        if everything or one.state is not State.GOOD:
            emit(asdict(one))
    wrong = sum(one.state is State.BAD for one in found)
    say(f"{len(found)} things looked at, {wrong} wrong")
    if wrong:
        raise typer.Exit(Exit.UNAVAILABLE)
