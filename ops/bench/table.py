"""A table of figures, and how the terminal shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.box import SIMPLE
from rich.table import Table as RichTable


@dataclass(frozen=True, slots=True)
class Table:
    """A title, what it shows, and rows of text; the first column is a name, all others are numbers."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


def printed(table: Table) -> RichTable:
    """A table as the terminal shows it."""
    made = RichTable(
        title=table.title, caption=table.note or None, box=SIMPLE, title_justify="left", caption_justify="left"
    )
    for index, name in enumerate(table.header):
        made.add_column(name, justify="right" if index else "left")
    for row in table.rows:
        made.add_row(*row)
    return made
