"""Reports that are missing: a source that numbers what it says without gaps is heard number by number.

A count has all lower numbers inside, so it ends every gap below it; a report that comes late ends its own. Only sources
that the rules name are followed: the numbers of most run over all SKUs, and between two of one SKU there is no gap.
"""

from __future__ import annotations

from typing import Any

from schemas.generated import state_inventory_v1 as state
from schemas.generated.inventory_v1 import SetStockRules
from schemas.generated.state_inventory_v1 import Gap, Source
from tables.inventory import names
from tables.rows import Rows

MOST_MISSING = 64  # numbers kept of one source; beyond them only a count tells that all is well
MOVED = frozenset({"inventory.received", "inventory.adjusted", "inventory.transferred", "inventory.corrected"})
HEARD = frozenset({"duplicate", "inside_count", "not_authority", "no_quantity", "unknown_class"})  # ignored, not unread


def sequenced(rules: SetStockRules | None, location: str, source: str) -> bool:
    """Whether the source numbers its reports of the location without gaps."""
    named = rules["sequenced"] if rules else ()
    return any((each["location"], each["source"]) == (location, source) for each in named)


def gap_of(rows: Rows, location: str, source: str) -> Gap | None:
    """What was heard of a source so far; None where nobody follows it."""
    found: Gap | None = rows.get(names.gap(location, source))
    return found


def missing(gap: Gap | None) -> bool:
    """Whether a report is missing."""
    return gap is not None and (gap["more"] or bool(gap["missing"]))


def heard(rules: SetStockRules | None, kind: str, record: Any, rows: Rows) -> dict[str, Any]:
    """The row that changes with a fact that bears its source's number; nothing where the source is not followed."""
    number = record.get("source_sequence")
    if number is None or not sequenced(rules, record["location"], record["source"]):
        return {}
    was = gap_of(rows, record["location"], record["source"]) or _first(rows, record)
    now = _heard(was, kind, record, number)
    return {} if now is None or now == was else {names.gap(record["location"], record["source"]): now}


def _first(rows: Rows, record: Any) -> Gap | None:
    """What a source that was not followed yet must have said: all up to its last count."""
    last: Source | None = rows.get(names.source(record["location"], record["source"]))
    known = last["sequence"] if last else None
    return None if known is None else state.gap(next=known + 1)


def _heard(was: Gap | None, kind: str, record: Any, number: int) -> Gap | None:
    if kind == "inventory.counted" or record.get("comparison"):
        return _counted(was, number)
    if kind in MOVED or record.get("reason") in HEARD:
        return _told(was, number)
    return was


def _counted(was: Gap | None, number: int) -> Gap:
    """All lower numbers are inside."""
    if was is None:
        return state.gap(next=number + 1)
    newest = number + 1 >= was["next"]
    later = [each for each in was["missing"] if each > number]
    return {"next": max(was["next"], number + 1), "missing": later, "more": was["more"] and not newest}


def _told(was: Gap | None, number: int) -> Gap:
    if was is None:
        return state.gap(next=number + 1)
    if number < was["next"]:
        return {**was, "missing": [each for each in was["missing"] if each != number]}
    skipped = range(max(was["next"], number - MOST_MISSING), number)
    known = [*was["missing"], *skipped]
    more = was["more"] or len(known) > MOST_MISSING or number - was["next"] > MOST_MISSING
    return {"next": number + 1, "missing": known[-MOST_MISSING:], "more": more}
