"""Rows as they will be: what a decision has decided so far, laid over what it was given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tables.rows import Apply, Rows, merged


class Overlay:
    """Rows that take facts by `apply` without touching the rows beneath."""

    def __init__(self, rows: Rows, apply: Apply) -> None:
        self._rows, self._apply = rows, apply
        self._changed: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        """The row's record, or None."""
        return self._changed[name] if name in self._changed else self._rows.get(name)

    def scan(self, prefix: str) -> Iterator[tuple[str, Any]]:
        """Rows whose name begins with `prefix`, in the order of their names."""
        changed = {name: row for name, row in self._changed.items() if name.startswith(prefix)}
        beneath = ((name, row) for name, row in self._rows.scan(prefix) if name not in changed)
        over = ((name, row) for name, row in sorted(changed.items()) if row is not None)
        return merged(beneath, over)  # lazily: a prefix may hold a long queue

    def take(self, kind: str, record: Any) -> None:
        """Apply a fact."""
        self._changed.update(self._apply(kind, record, self))
