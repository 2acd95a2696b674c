"""`wharf schemas check`."""

from __future__ import annotations

import typer

from ops.cli.output import emit, say
from ops.exits import Exit


def check() -> None:
    """Is the contract sound, its typed view fresh, and nothing broken that an earlier release promised?

    \b
    Example:  wharf schemas check
    """
    from schemas import check as contract

    found = contract.findings()
    for line in found:
        emit({"finding": line})
    if found:
        raise typer.Exit(Exit.BAD_DATA)
    say("the contract is sound, its typed view is fresh, no earlier release is broken")
