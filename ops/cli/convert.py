"""`wharf convert`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ops.cli.output import emit
from ops.exits import Exit, Failed

if TYPE_CHECKING:
    from ops.convert_summary import Summary

Files = Annotated[list[Path], typer.Argument(help="documents of any kind, or folders of them", metavar="FILE…")]
Kind = Annotated[str, typer.Option(help="kind of document; by content where not given")]
Partner = Annotated[Path | None, typer.Option(help="JSON file with the partner's profile")]
Short = Annotated[bool, typer.Option("--summary", help="one line per file: right, or refused and why")]


def convert(files: Files, kind: Kind = "", partner: Partner = None, summary: Short = False) -> None:
    """Show channel documents as canonical commands, offline: one JSON object per line.

    Each refused document gives a line with its error on stderr; then the exit code is 65.

    \b
    Examples:  wharf convert order.edi
               wharf convert --partner retailer.json *.850
               wharf convert --summary incoming/
               wharf convert stock.csv 846.edi
    """
    from ops import convert as offline
    from ops import convert_summary as short

    try:
        profile = offline.profile(partner.read_text(encoding="utf-8")) if partner else offline.NO_PROFILE
    except (OSError, ValueError) as exc:
        raise Failed(Exit.USAGE, f"--partner: {exc}") from exc
    named = short.files(files)
    if not summary:
        raise typer.Exit(offline.convert(named, sys.stdout, sys.stderr, kind=kind, partner=profile))
    told = [short.summary(path, kind=kind, partner=profile) for path in named]
    _show(told)
    raise typer.Exit(Exit.BAD_DATA if any(one.refused for one in told) else Exit.OK)


def _show(told: Iterable[Summary]) -> None:
    """A table for a person, JSON lines for a program."""
    if sys.stdout.isatty():
        table(told)
    else:
        for one in told:
            emit(one.told())


def table(told: Iterable[Summary]) -> None:
    """The verdicts as a table, each code with its title."""
    from rich.console import Console
    from rich.table import Column, Table

    from schemas.errors import catalogue

    shown = Table(Column("file", overflow="fold"), "verdict", "right", "refused", "why")
    for one in told:
        why = "; ".join(f"{code} {catalogue()[code].title} ({count})" for code, count in one.reasons.items())
        shown.add_row(one.file, one.verdict, str(one.right), str(one.refused), why or "–")
    Console().print(shown)
