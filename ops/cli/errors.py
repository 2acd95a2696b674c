"""`wharf errors`."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.output import emit
from ops.exits import Exit, Failed

Codes = Annotated[
    list[str] | None, typer.Argument(help="a code as a receipt, a problem or an order told it", metavar="[CODE…]")
]


def errors(codes: Codes = None) -> None:
    """Show what a code means and what to do about it; without one, all that a sender can meet.

    \b
    Examples:  wharf errors WH1206
               wharf errors item_unmapped validation-failed
    """
    from schemas.errors import catalogue

    pages = catalogue()
    unknown = [code for code in codes or () if code not in pages]
    if unknown:
        raise Failed(Exit.USAGE, f"no such code: {', '.join(unknown)}; wharf errors lists them all")
    for code in codes or pages:
        emit(pages[code].told())
