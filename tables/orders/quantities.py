"""A line's quantities: where each ordered unit stands, and how units move from one place to another.

ordered = rejected + cancelled + substituted + pending + backordered + reserved + released + shipped, always;
delivered, returned and invoiced are parts of shipped (status-delivery.md §2).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from tables.orders.rows import Line

PLACES = ("rejected", "cancelled", "substituted", "pending", "backordered", "reserved", "released", "shipped")
PARTS = ("delivered", "returned", "invoiced")
COUNTS = ("ordered", *PLACES, *PARTS, "billed")
OPEN = ("pending", "backordered", "reserved", "released")
CANCELLED_FIRST = OPEN  # what is not yet there goes first, what the warehouse has goes last
SHIPPED_FIRST = ("released", "reserved", "backordered", "pending", "cancelled", "rejected")


def amount(line: Line, place: str) -> int:
    """The quantity at one place of a line."""
    return cast(int, cast(Any, line)[place])


def changed(line: Line, **values: int) -> Line:
    """The line with other quantities, its invoiced part kept in step with what is billed and shipped."""
    later = cast(Any, {**line, **values})
    later["invoiced"] = min(later["billed"], later["shipped"])
    return cast(Line, later)


def open_of(line: Line) -> int:
    """What may still be shipped or cancelled."""
    return sum(amount(line, place) for place in OPEN)


def active_of(line: Line) -> int:
    """What the order still wants of the line, shipped or not: A of status-delivery.md §2."""
    return line["ordered"] - line["rejected"] - line["cancelled"] - line["substituted"]


def moved(line: Line, quantity: int, sources: Iterable[str], target: str) -> tuple[Line, int]:
    """Move up to `quantity` units from the first of these places that have some; returns the line and how many moved."""
    left, values = quantity, {}
    for place in sources:
        taken = min(left, amount(line, place))
        if taken > 0:
            values[place] = amount(line, place) - taken
            left -= taken
    gone = quantity - left
    return changed(line, **values, **{target: amount(line, target) + gone}), gone


def shrunk(line: Line, quantity: int) -> tuple[Line, int]:
    """Order fewer by up to `quantity`, never below what is shipped; what is refused anyway goes first."""
    left, values = quantity, {}
    for place in ("rejected", *CANCELLED_FIRST):
        taken = min(left, amount(line, place))
        values[place] = amount(line, place) - taken
        left -= taken
    gone = quantity - left
    return changed(line, **values, ordered=line["ordered"] - gone), gone


def added(sums: Line, old: Line | None, new: Line) -> Line:
    """The order's sums after one line changed."""
    before: Any = old or {}
    values = {name: amount(sums, name) + amount(new, name) - before.get(name, 0) for name in COUNTS}
    return cast(Line, {**sums, **values})


def balanced(line: Line) -> bool:
    """Whether every ordered unit stands in exactly one place and no part is larger than its whole."""
    places = [amount(line, place) for place in PLACES]
    parts = [amount(line, part) for part in PARTS]
    return line["ordered"] == sum(places) and min(places) >= 0 and all(0 <= part <= line["shipped"] for part in parts)
