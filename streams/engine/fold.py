"""The law that rows are a fold of the published facts, checked while a topology runs."""

from __future__ import annotations

from itertools import cycle
from typing import Any

from schemas import wire
from streams.engine.stamping import schema_of
from tables.rows import Changes, Rows
from tables.store_layer import record_of_kind
from tables.table import Table


class FoldBroken(AssertionError):
    """A fact changes the rows otherwise after a trip through the wire than before it: a replay would decide otherwise."""


def checked(table: Table, broken: list[FoldBroken], every: int = 1) -> Table:
    """The same table, whose `apply` notes a fact that does not survive the wire; of so many facts one is looked at."""
    turns = cycle(range(every))

    def apply(kind: str, record: Any, rows: Rows) -> Changes:
        changes = table.apply(kind, record, rows)
        if next(turns):
            return changes
        name = schema_of(kind).name
        again = table.apply(kind, wire.decode(wire.encode(name, record))[1], rows)
        if _encoded(table, changes) != _encoded(table, again):
            broken.append(FoldBroken(f"{table.name}: {kind} applied as decided and as read differ"))
        return changes

    return Table(table.name, table.kinds, apply)


def _encoded(table: Table, changes: Changes) -> dict[str, bytes | None]:
    return {
        name: None if row is None else wire.encode(record_of_kind(table, name), row) for name, row in changes.items()
    }
