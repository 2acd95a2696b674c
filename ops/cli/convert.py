"""`wharf convert`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ops.exits import Exit, Failed

Files = Annotated[list[Path], typer.Argument(help="documents of any kind", metavar="FILE…")]
Kind = Annotated[str, typer.Option(help="kind of document; by content where not given")]
Partner = Annotated[Path | None, typer.Option(help="JSON file with the partner's profile")]


def convert(files: Files, kind: Kind = "", partner: Partner = None) -> None:
    """Show channel documents as canonical commands, offline: one JSON object per line.

    Each refused document gives a line with its error on stderr; then the exit code is 65.

    \b
    Examples:  wharf convert order.edi
               wharf convert --partner retailer.json *.850
    """
    from ops import convert as offline

    try:
        profile = offline.profile(partner.read_text(encoding="utf-8")) if partner else offline.NO_PROFILE
    except (OSError, ValueError) as exc:
        raise Failed(Exit.USAGE, f"--partner: {exc}") from exc
    raise typer.Exit(offline.convert(files, sys.stdout, sys.stderr, kind=kind, partner=profile))
