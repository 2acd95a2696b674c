"""Rows of one key in memory whose scans cost what they yield, for replays of long histories."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Any

from tables.rows import Changes, kind_of


class SortedRows:
    """Rows in a dict; the names of a kind are kept in order from the first scan of that kind on."""

    def __init__(self) -> None:
        self.rows: dict[str, Any] = {}
        self._names: dict[str, list[str]] = {}  # by kind

    def get(self, name: str) -> Any:
        """The row's record, or None."""
        return self.rows.get(name)

    def scan(self, prefix: str) -> Iterator[tuple[str, Any]]:
        """Rows whose name begins with `prefix`, in the order of their names; the prefix names a whole kind at least."""
        names = self._ordered(kind_of(prefix))
        at = bisect_left(names, prefix)
        while at < len(names) and (name := names[at]).startswith(prefix):
            yield name, self.rows[name]
            at += 1

    def put(self, changes: Changes) -> None:
        """Take the changes over."""
        for name, row in changes.items():
            if row is None:
                self._drop(name)
            else:
                self._add(name)
                self.rows[name] = row

    def _ordered(self, kind: str) -> list[str]:
        if kind not in self._names:
            self._names[kind] = sorted(name for name in self.rows if kind_of(name) == kind)
        return self._names[kind]

    def _add(self, name: str) -> None:
        if self._names and name not in self.rows and (names := self._names.get(kind_of(name))) is not None:
            insort(names, name)

    def _drop(self, name: str) -> None:
        if self.rows.pop(name, None) is not None and (names := self._names.get(kind_of(name))) is not None:
            del names[bisect_left(names, name)]
