"""A source that is not a location's authority is observed: what it says is compared, and never believed by itself.

Compared at one cut, with wharf's position as of the source's own time (inventory.md §10). A drift that is larger than
its tolerance for too long is an exception, told once; that the two agree again is told once too (hysteresis: in between
nothing is said). Nothing here changes a position, so nothing here changes what can be sold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import Comparison, DriftEvent, DriftTolerance, Position, ReportStock, StockMove
from streams.engine.effects import Timer
from streams.inventory.book import Book
from tables.inventory import names
from tables.inventory.attribution import ON_HAND, THEIRS, remembering, told
from tables.inventory.comparison import compare, crossed, crossing, drifts, due, figure_of
from tables.inventory.history import MOST_SOURCES, comparisons
from tables.inventory.tolerance import limit, tolerance_of


def authority_of(book: Book, location: str) -> str:
    """The one source that is believed about a location; "" where any is."""
    rules = book.sku["rules"]
    return rules["authorities"].get(location, "") if rules else ""


def ignore(book: Book, command: ReportStock, reason: str, comparison: Comparison | None = None) -> None:
    """Decide that a report changes nothing of the position."""
    book.ignored(
        reason, location=command["location"], source=command["source"], source_sequence=command["sequence"],
        event_id=command["event_id"], quantity=command["quantity"], comparison=comparison,
    )  # fmt: skip


def comparison_of(book: Book, location: str, source: str) -> Comparison | None:
    """How an observed source and wharf stand; None where it never told of the location."""
    found: Comparison | None = book.rows.get(names.comparison(location, source))
    return found


def tolerance(book: Book, of: Comparison) -> DriftTolerance:
    """How far, and how long, the source may differ."""
    return tolerance_of(book.sku["rules"], of["location"], of["source"])


def observe(book: Book, command: ReportStock, as_of: int, authority: str) -> None:
    """Compare what another source counted. Cost: O(movements that are kept of the location)."""
    location, source = command["location"], command["source"]
    was = comparison_of(book, location, source)
    if was is None and len(comparisons(book.rows, location)) >= MOST_SOURCES:
        ignore(book, command, "too_many_sources")
        return
    rules = book.sku["rules"]
    seen = inventory.comparison(
        location=location, source=source, sequence=command["sequence"], as_of=as_of, heard_at=book.now,
        quantity=command["quantity"], unsellable=command["unsellable"], classes=command["classes"],
        scale=rules["scale"] if rules else 0, remembered=was["remembered"] if was else [],
    )  # fmt: skip
    now = again(book, seen, was)
    if drifts(now):
        _drifted(book, command, now, authority)
    else:
        ignore(book, command, "not_authority", now)
    settle(book, was, now)


def observe_moves(book: Book, command: ReportStock, sides: Iterable[StockMove]) -> None:
    """Remember a movement that only an observed source reported: it may be what the two differ by."""
    known = comparison_of(book, command["location"], command["source"])
    if known is None:
        ignore(book, command, "not_authority")
        return
    here = (side for side in sides if side["location"] == command["location"])
    events = [event for side in here for event in told(side, THEIRS)]
    now = again(book, remembering(known, events), known)
    ignore(book, command, "not_authority", now)
    settle(book, known, now)


def compare_again(book: Book, was: Comparison, events: Sequence[DriftEvent] = ()) -> None:
    """Compare an observation with what is known now; says something only where that is something else than before."""
    now = again(book, remembering(was, events), was)
    if now != {**was, "drifted": now["drifted"]}:
        record = inventory.stock_compared(
            **book.stamp(), location=was["location"], source=was["source"], cause=book.message.type, comparison=now
        )
        book.fact("inventory.compared", record)
    settle(book, was, now)


def again(book: Book, seen: Comparison, was: Comparison | None, place: Position | None = None) -> Comparison:
    """The observation beside the position as it is known now.

    place  the position as the next fact makes it; None: as it is
    """
    position = place or book.sku["positions"].get(seen["location"])
    return compare(seen, was, position, book.sku, book.rows, tolerance(book, seen), book.now)


def settle(book: Book, was: Comparison | None, now: Comparison) -> None:
    """Say what became an exception and what is none any more, and when to look again."""
    for figure in now["figures"]:
        if happened := crossing(figure, tolerance(book, now), book.now):
            now = crossed(now, figure["stock_class"], book.now if happened == "exceeded" else None)
            _cross(book, now, figure["stock_class"], happened)
    _look_again(book, was, now)


def _cross(book: Book, now: Comparison, stock_class: str, happened: str) -> None:
    figure = figure_of(now, stock_class)
    record = inventory.drift_crossed(
        **book.stamp(), location=now["location"], source=now["source"], source_sequence=now["sequence"],
        as_of=now["as_of"], stock_class=stock_class, crossing=happened, in_force=happened == "exceeded",
        expected=figure["expected"], observed=figure["observed"], difference=figure["difference"],
        attributed=figure["attributed"], unexplained=figure["unexplained"],
        limit=limit(tolerance(book, now), figure["expected"]), beyond_since=figure["beyond_since"], comparison=now,
    )  # fmt: skip
    book.fact("inventory.drift.crossed", record)


def _look_again(book: Book, was: Comparison | None, now: Comparison) -> None:
    """Time alone makes a drift an exception, also where its source says nothing more."""
    at = due(now, tolerance(book, now))
    if at is None and due(was, tolerance(book, now)) is None:
        return
    location, source = now["location"], now["source"]
    record = inventory.drift_due(sku=book.code, location=location, source=source) if at is not None else None
    book.timer(Timer(names.drift_timer(location, source), at, "stock.drift-due", record))


def _drifted(book: Book, command: ReportStock, now: Comparison, authority: str) -> None:
    figure = figure_of(now, ON_HAND)
    record = inventory.drift_detected(
        **book.stamp(), location=now["location"], source=now["source"], source_sequence=now["sequence"],
        as_of=now["as_of"], expected=figure["expected"], observed=figure["observed"], difference=figure["difference"],
        attributed=figure["attributed"], unexplained=figure["unexplained"], cause="not_authority", authority=authority,
        comparison=now,
    )  # fmt: skip
    book.fact("inventory.drift.detected", record)
