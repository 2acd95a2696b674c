"""Rows: the state of one key, as decisions read it and `apply` changes it.

A row name is local to the key of the command: the engine puts the key before it, so that keys cannot meet. The part of
the name before the first "|" is the row's kind, which the table's declaration ties to its Avro record.
Values are shared between readers: replace them, never mutate them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

Named = tuple[str, Any]  # a row's name and record
Changes = Mapping[str, Any]  # row name → new record, or None to delete


class Rows(Protocol):
    """What a decision sees of its key's state."""

    def get(self, name: str) -> Any:
        """The row's record, or None."""

    def scan(self, prefix: str) -> Iterator[tuple[str, Any]]:
        """Rows whose name begins with `prefix`, in the order of their names."""


# (type of the fact, its record, the key's rows) → the rows that it changes; pure, called in the order of the facts
Apply = Callable[[str, Any, Rows], Changes]


class DictRows:
    """Rows in a dict: for tests, previews and time travel."""

    def __init__(self, rows: Mapping[str, Any] | None = None) -> None:
        self.rows: dict[str, Any] = dict(rows or {})

    def get(self, name: str) -> Any:
        """The row's record, or None."""
        return self.rows.get(name)

    def scan(self, prefix: str) -> Iterator[tuple[str, Any]]:
        """Rows whose name begins with `prefix`, in the order of their names."""
        return iter(sorted((name, row) for name, row in self.rows.items() if name.startswith(prefix)))

    def put(self, changes: Changes) -> None:
        """Take the changes over."""
        for name, row in changes.items():
            if row is None:
                self.rows.pop(name, None)
            else:
                self.rows[name] = row


def kind_of(name: str) -> str:
    """The kind of a row: its name up to the first "|"."""
    return name.partition("|")[0]


def merged(beneath: Iterator[Named], over: Iterator[Named]) -> Iterator[Named]:
    """Two scans as one, lazily; both in the order of their names, of which they share none."""
    waiting = next(beneath, None)
    for row in over:
        while waiting is not None and waiting[0] < row[0]:
            yield waiting
            waiting = next(beneath, None)
        yield row
    if waiting is not None:
        yield waiting
        yield from beneath
