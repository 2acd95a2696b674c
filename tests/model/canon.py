"""The canonical form of rows: what later decisions can tell apart, and nothing else.

Two ways to the same stock differ in the numbers of their facts. Those numbers order tickets and versions and are
otherwise never looked at, so they are replaced by their order, and times of bookkeeping are left out. Whatever a
decision does look at stays, so two states with one canonical form have the same future.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from tables.rows import kind_of

Form = tuple[Any, ...]
# numbers and times that no decision on stock depends on, while nothing is older than days
UNSEEN = frozenset(
    {"seq", "version", "at", "as_of", "logged", "over_since", "spent_at", "place", "until", "created_at"}
)
# rows that follow from others; that they do is checked by the laws
DERIVED = frozenset({"waiting", "need", "over", "spent", "logged"})
GUARDED = frozenset({"source", "supply"})  # here the time of the report is what a later one is compared with
WAKE = re.compile(r"[^/|]+/\d+")


def frozen(value: Any, unseen: frozenset[str] = UNSEEN) -> Any:
    """A value that can be hashed, without what nobody looks at."""
    if isinstance(value, Mapping):
        return tuple((name, frozen(each, unseen)) for name, each in sorted(value.items()) if name not in unseen)
    if isinstance(value, list | tuple):
        return tuple(frozen(each, unseen) for each in value)
    return value


def of_sku(rows: Mapping[str, Any]) -> Form:
    """The canonical form of a SKU's rows."""
    places = _places(rows.values())
    return tuple(sorted((_name(name, row), _row(name, row, places)) for name, row in rows.items() if _stays(name)))


def _stays(name: str) -> bool:
    return kind_of(name) not in DERIVED


def _places(rows: Iterable[Any]) -> dict[str, int]:
    """Tickets by their order."""
    tickets = {row["ticket"] for row in rows if isinstance(row, Mapping) and row.get("ticket")}
    return {ticket: index for index, ticket in enumerate(sorted(tickets), 1)}


def _name(name: str, row: Any) -> str:
    """A movement stands under its number in the log; what it is called matters to nobody."""
    return f"move|{row['location']}|{row['event_id']}" if kind_of(name) == "move" else name


def _row(name: str, row: Any, places: Mapping[str, int]) -> Any:
    kind = kind_of(name)
    if kind == "attempt":
        return frozen({**row, "ticket": places.get(row["ticket"], 0)})
    if kind == "sku":
        woken = row["woken"]["holder"] if row["woken"] else ""
        return frozen({**row, "woken": woken, "crossed": sorted(row["crossed"])})
    if kind == "move":
        return (*frozen(row), row["at"])
    return frozen(row, UNSEEN - {"as_of"} if kind in GUARDED else UNSEEN)


def apart(form: Any) -> tuple[Any, tuple[str, ...]]:
    """A form without the names of its wakes, and those names in the order in which they appear."""
    known: dict[str, str] = {}

    def walk(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple([walk(each) for each in value])
        if isinstance(value, str) and "/" in value and WAKE.fullmatch(value):
            return known.setdefault(value, f"wake {len(known)}")
        return value

    return walk(form), tuple(known)
