"""State in layers: what one message changes lies over what its batch changed, and that over the store.

A row is addressed by its scope (tenant and key, such as `acme|WIDGET-A`) and its name within it. Rows are kept in wire
format and decoded when they are read, so that a row reads the same in the batch that wrote it and after a restart. The
layers of a batch decode the same bytes once: what they say is a function of them alone.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from schemas import wire
from tables.rows import Changes, kind_of, merged
from tables.table import Table

TIMER, CULPRIT, WAITING = "timer", "culprit", "behind"
ENGINE_KINDS = {  # of the engine's own rows; decisions do not see them, and no table may declare them
    TIMER: "wharf.state.engine.v1.Timer",
    CULPRIT: "wharf.state.engine.v1.Culprit",
    WAITING: "wharf.state.engine.v1.Waiting",
}
_ENGINES = tuple(f"{kind}|" for kind in ENGINE_KINDS)
LAST = "\U0010ffff"  # of all characters; a name may even hold it
SEPARATOR = "\x1f"  # between scope and name in a state key
_SEPARATOR_RAW, _ENGINES_RAW = SEPARATOR.encode(), tuple(text.encode() for text in _ENGINES)


class UndeclaredRow(ValueError):
    """A row's kind is not in its table's declaration."""


class BadRow(ValueError):
    """A row's key or name cannot be written."""


class StoreFailed(RuntimeError):
    """A store could not be read or written: it says nothing against the record that asked."""


class State(Protocol):
    """Rows of one partition."""

    def get(self, scope: str, name: str) -> Any:
        """The row's record, or None."""

    def scan(self, scope: str, prefix: str) -> Iterator[tuple[str, Any]]:
        """Names and records of the scope's rows that begin with `prefix`, in the order of their names."""


class NoState:
    """What an agent without a table remembers."""

    def get(self, scope: str, name: str) -> Any:
        """None."""
        return None

    def scan(self, scope: str, prefix: str) -> Iterator[tuple[str, Any]]:
        """Nothing."""
        return iter(())


def record_of_kind(table: Table, name: str) -> str:
    """Full name of the Avro record that a row is written as; raises UndeclaredRow."""
    kind = kind_of(name)
    found = table.kinds.get(kind) or ENGINE_KINDS.get(kind)
    if found is None:
        raise UndeclaredRow(f"table {table.name} declares no rows of kind {kind!r}")
    return found


def is_engines(name: str) -> bool:
    """Whether a row is the engine's own."""
    return name.startswith(_ENGINES)


def state_key(scope: str, name: str) -> bytes:
    """Key of a row in the store and in the changelog; raises BadRow where it could not be read back."""
    if SEPARATOR in scope:
        raise BadRow(f"the key of a row contains U+001F: {scope!r}")
    try:
        return f"{scope}{SEPARATOR}{name}".encode()
    except UnicodeEncodeError as exc:
        raise BadRow(f"the key or name of a row is no Unicode text: {name!r}") from exc


def is_engines_key(key: bytes) -> bool:
    """Whether a state key is that of the engine's own row."""
    return key.startswith(_ENGINES_RAW, key.index(_SEPARATOR_RAW) + 1)


def split_state_key(key: bytes) -> tuple[str, str]:
    """Scope and name of a row."""
    scope, _, name = key.decode().partition(SEPARATOR)
    return scope, name


class Layer:
    """Changed rows over a state that they hide; nothing beneath is touched."""

    __slots__ = ("_names", "_state", "changes", "decoded")

    def __init__(self, state: State) -> None:
        self._state = state
        self._names: dict[str, list[str]] = {}  # sorted, of the scopes that were scanned
        # by row in wire format, shared by the layers of a batch
        self.decoded: dict[bytes, Any] = state.decoded if isinstance(state, Layer) else {}
        self.changes: dict[str, dict[str, bytes | None]] = {}  # scope → name → row in wire format, None = deleted

    def get(self, scope: str, name: str) -> Any:
        """The row's record, or None."""
        mine = self.changes.get(scope)
        if mine is None or name not in mine:
            return self._state.get(scope, name)
        raw = mine[name]
        return None if raw is None else self._decode(raw)

    def scan(self, scope: str, prefix: str) -> Iterator[tuple[str, Any]]:
        """Names and records of the scope's rows that begin with `prefix`, in the order of their names."""
        beneath, names = self._state.scan(scope, prefix), self._named(scope, prefix)
        if not names:
            return beneath
        mine = self.changes[scope]
        hidden = ((name, row) for name, row in beneath if name not in mine)
        over = ((name, self._decode(raw)) for name in names if (raw := mine[name]) is not None)
        return merged(hidden, over)  # lazily: a prefix may hold a long queue

    def put(self, table: Table, scope: str, changes: Changes) -> None:
        """Take changed rows over; raises UndeclaredRow, BadRow, and what wire.encode does."""
        if not changes:
            return
        encoded: dict[str, bytes | None] = {}
        for name, row in changes.items():
            state_key(scope, name)  # now, where it concerns one message, and not at the commit, where it concerns all
            encoded[name] = None if row is None else wire.encode(record_of_kind(table, name), row)
        self._take(scope, encoded)

    def merge(self, later: Layer) -> None:
        """Take over what a layer above this one changed."""
        for scope, rows in later.changes.items():
            if scope in self.changes:
                self._take(scope, rows)
            else:
                self.changes[scope] = rows

    def encoded(self) -> Mapping[bytes, bytes | None]:
        """All changes by state key, as the store and the changelog take them."""
        return {state_key(scope, name): raw for scope, rows in self.changes.items() for name, raw in rows.items()}

    def _take(self, scope: str, rows: Mapping[str, bytes | None]) -> None:
        mine = self.changes.setdefault(scope, {})
        if (names := self._names.get(scope)) is not None:
            for name in rows.keys() - mine.keys():
                insort(names, name)
        mine.update(rows)

    def _named(self, scope: str, prefix: str) -> list[str]:
        """Names of changed rows that begin with `prefix`, in their order; costs what it yields, once a scope was sorted."""
        if scope not in self.changes:
            return []
        names = self._names.get(scope)
        if names is None:
            names = self._names[scope] = sorted(self.changes[scope])
        begin = bisect_left(names, prefix)
        end = bisect_left(names, f"{prefix}{LAST}", begin)
        while end < len(names) and names[end].startswith(prefix):
            end += 1
        return names[begin:end]

    def _decode(self, raw: bytes) -> Any:
        found = self.decoded.get(raw)
        if found is None:
            found = self.decoded[raw] = wire.decode(raw)[1]
        return found


class ScopeRows:
    """The rows of one scope, as decisions and `apply` see them."""

    __slots__ = ("_scope", "_state")

    def __init__(self, state: State, scope: str) -> None:
        self._state, self._scope = state, scope

    def get(self, name: str) -> Any:
        """The row's record, or None."""
        return self._state.get(self._scope, name)

    def scan(self, prefix: str) -> Iterator[tuple[str, Any]]:
        """Rows whose name begins with `prefix`, in the order of their names; the engine's own are left out."""
        rows = self._state.scan(self._scope, prefix)
        return ((name, row) for name, row in rows if not is_engines(name))
