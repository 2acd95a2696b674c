"""A partition's rows in memory, for the topology driver: the same contract as the RocksDB store."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from schemas import wire
from tables.store_layer import TIMER, split_state_key


class MemoryStore:
    """Rows in wire format by scope and name; each scope's names are kept in order, so that a scan costs what it yields."""

    def __init__(self) -> None:
        self.scopes: dict[str, dict[str, bytes]] = {}
        self._names: defaultdict[str, list[str]] = defaultdict(list)

    def get(self, scope: str, name: str) -> Any:
        """The row's record, or None."""
        raw = self.scopes.get(scope, {}).get(name)
        return None if raw is None else wire.decode(raw)[1]

    def scan(self, scope: str, prefix: str) -> Iterator[tuple[str, Any]]:
        """Names and records of the scope's rows that begin with `prefix`, in the order of their names."""
        rows, names = self.scopes.get(scope, {}), self._names.get(scope, [])
        at = bisect_left(names, prefix)
        while at < len(names) and (name := names[at]).startswith(prefix):
            yield name, wire.decode(rows[name])[1]
            at += 1

    def timers(self) -> Iterator[tuple[str, str, Any]]:
        """Scope, name and record of every timer's row."""
        for scope, rows in self.scopes.items():
            yield from (
                (scope, name, wire.decode(raw)[1]) for name, raw in rows.items() if name.startswith(f"{TIMER}|")
            )

    def filled(self) -> dict[str, dict[str, bytes]]:
        """All rows, in wire format: equal where two stores hold the same."""
        return {scope: rows for scope, rows in self.scopes.items() if rows}

    def write(self, changes: Mapping[bytes, bytes | None]) -> None:
        """Take changes over, all at once."""
        for key, raw in changes.items():
            scope, name = split_state_key(key)
            rows, names = self.scopes.setdefault(scope, {}), self._names[scope]
            known = name in rows
            if raw is not None:
                rows[name] = raw
                if not known:
                    insort(names, name)
            elif known:
                del rows[name]
                del names[bisect_left(names, name)]
