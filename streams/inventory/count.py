"""A count is absolute: it is merged with what moved after it, and believed from the location's authority only.

Guard (inventory.md §7): per source and location only a higher sequence counts; where one is missing, a later time.
"""

from __future__ import annotations

from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import Position, ReportStock
from schemas.generated.state_inventory_v1 import Source
from streams.inventory.book import Book
from streams.inventory.clock import not_ahead
from streams.inventory.doubts import tell_contested
from streams.inventory.observe import authority_of, ignore, observe
from tables.inventory import names
from tables.inventory.classes import CLASSES, OTHER, changed
from tables.inventory.movements import Later, outstanding


def count(book: Book, command: ReportStock) -> None:
    """Take a count over, note it for comparison, or say why not. Cost: O(movements since the last count)."""
    as_of, clamped = not_ahead(command["as_of"], book.now)
    authority = authority_of(book, command["location"])
    if min(command["quantity"], command["unsellable"] or 0, *command["classes"].values()) < 0:
        ignore(book, command, "negative_count")
    elif not CLASSES.issuperset(command["classes"]):
        ignore(book, command, "unknown_class")
    elif stale := _stale(book, command, as_of):
        ignore(book, command, stale)
    elif authority not in ("", command["source"]):
        observe(book, command, as_of, authority)
    else:
        _take_over(book, command, _not_before(book, command, as_of), clamped)


def _stale(book: Book, command: ReportStock, as_of: int) -> str:
    """Why a count is not newer than what is known, "" where it is."""
    last: Source | None = book.rows.get(names.source(command["location"], command["source"]))
    if last is not None and (reason := _not_after(last, command, as_of)):
        return reason
    position = book.position(command["location"])
    others = 0 if position["source"] == command["source"] else position["counted_as_of"] or 0
    compared = authority_of(book, command["location"]) not in ("", command["source"])
    known = 0 if compared else max(others, book.sku["forgotten"].get(command["location"], 0))
    return "stale_count" if as_of < known else ""


def _not_after(last: Source, command: ReportStock, as_of: int) -> str:
    by_sequence = command["sequence"] is not None and last["sequence"] is not None
    new, old = (command["sequence"] or 0, last["sequence"] or 0) if by_sequence else (as_of, last["as_of"])
    if new == old:
        return "duplicate" if command["quantity"] == last["quantity"] else "conflict"
    if new < old:
        return "stale_sequence" if by_sequence else "stale_count"
    return ""


def _not_before(book: Book, command: ReportStock, as_of: int) -> int:
    """A higher sequence says that it is later, whatever its clock says: what the last count had inside stays inside."""
    known = book.position(command["location"])["counted_as_of"]
    return as_of if known is None else max(as_of, known)


def _take_over(book: Book, command: ReportStock, as_of: int, clamped: bool) -> None:
    was = book.position(command["location"])
    after = outstanding(book.rows, command["location"], command["source"], command["sequence"], as_of)
    now = _counted(was, command, as_of, after)
    drift = now["on_hand"] - was["on_hand"]
    record = inventory.stock_counted(
        **book.stamp(), location=command["location"], source=command["source"], source_sequence=command["sequence"],
        event_id=command["event_id"], as_of=as_of, clamped=clamped, counted=command["quantity"], merged=after.on_hand,
        drift=drift, reason=command["reason"], positions=[now],
    )  # fmt: skip
    book.fact("inventory.counted", record)
    if drift and was["counted_as_of"] is not None:
        _corrected_itself(book, command, as_of, was["on_hand"], now["on_hand"])
    if not authority_of(book, command["location"]):
        tell_contested(book, command["location"], command["source"], was["source"])


def _counted(was: Position, command: ReportStock, as_of: int, after: Later) -> Position:
    classes = _classes(was, command, after)
    return {
        **was,
        "on_hand": command["quantity"] + after.on_hand,
        "unsellable": was["unsellable"] if classes is None else sum(classes.values()),
        "classes": was["classes"] if classes is None else classes,
        "source": command["source"],
        "as_of": max(as_of, was["as_of"] or as_of),
        "counted_as_of": as_of,
        "counted_sequence": command["sequence"],
        "classed_as_of": was["classed_as_of"] if classes is None else as_of,
        "classed_sequence": was["classed_sequence"] if classes is None else command["sequence"],
    }


def _classes(was: Position, command: ReportStock, after: Later) -> dict[str, int] | None:
    """Unsellable units by class; None where the count says nothing of them."""
    if command["classes"]:
        return changed(command["classes"], after.classes)
    if command["unsellable"] is None:
        return None
    return changed({OTHER: command["unsellable"]}, after.classes)


def _corrected_itself(book: Book, command: ReportStock, as_of: int, expected: int, observed: int) -> None:
    record = inventory.drift_detected(
        **book.stamp(), location=command["location"], source=command["source"], source_sequence=command["sequence"],
        as_of=as_of, expected=expected, observed=observed, difference=observed - expected, cause="count",
        authority=command["source"],
    )  # fmt: skip
    book.fact("inventory.drift.detected", record)
