"""A partition's rows in memory, for the topology driver: the same contract as the RocksDB store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from schemas import wire
from tables.store_layer import split_state_key


class MemoryStore:
    """Rows in wire format by scope and name."""

    def __init__(self) -> None:
        self.scopes: dict[str, dict[str, bytes]] = {}

    def get(self, scope: str, name: str) -> Any:
        """The row's record, or None."""
        raw = self.scopes.get(scope, {}).get(name)
        return None if raw is None else wire.decode(raw)[1]

    def scan(self, scope: str, prefix: str) -> Iterator[tuple[str, Any]]:
        """Names and records of the scope's rows that begin with `prefix`, in the order of their names."""
        rows = sorted(self.scopes.get(scope, {}).items())
        return ((name, wire.decode(raw)[1]) for name, raw in rows if name.startswith(prefix))

    def write(self, changes: Mapping[bytes, bytes | None]) -> None:
        """Take changes over, all at once."""
        for key, raw in changes.items():
            scope, name = split_state_key(key)
            rows = self.scopes.setdefault(scope, {})
            if raw is None:
                rows.pop(name, None)
            else:
                rows[name] = raw
