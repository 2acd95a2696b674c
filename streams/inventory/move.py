"""A movement changes what is at a location, once per event; what a count has inside already, it does not change again.

The reported quantity is signed. A transfer that names both sides moves its magnitude from `location` to `to_location`
in one step; damaged, quarantined and cleared move units between sellable and a class that is not, on hand stays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import Position, ReportStock, StockMove
from streams.inventory.announce import expect, received
from streams.inventory.book import Book, Change
from streams.inventory.clock import not_ahead
from streams.inventory.observe import authority_of, ignore, observe_moves
from tables.inventory import names
from tables.inventory.classes import CLASSES
from tables.inventory.movements import unheard

ON_HAND = frozenset({"received", "adjusted", "transferred", "corrected"})
UNSELLABLE = {"damaged": ("damaged", 1), "quarantined": ("quarantined", 1), "cleared": ("quarantined", -1)}
DAMAGED = "damaged"  # the unsellable part of a receipt or adjustment that names no class
KINDS = ON_HAND | UNSELLABLE.keys()
FACTS: dict[str, tuple[str, Callable[..., Any]]] = {
    "received": ("inventory.received", inventory.stock_received),
    "transferred": ("inventory.transferred", inventory.stock_transferred),
    "corrected": ("inventory.corrected", inventory.stock_corrected),
}
ADJUSTED: tuple[str, Callable[..., Any]] = ("inventory.adjusted", inventory.stock_adjusted)


def move(book: Book, command: ReportStock) -> None:
    """Take a movement over, or say why not. Cost: O(1)."""
    if book.rows.get(names.event(event_id(book, command))):
        ignore(book, command, "duplicate")
    elif not command["quantity"] and not command["unsellable"]:
        ignore(book, command, "no_quantity")
    elif command["stock_class"] and command["stock_class"] not in CLASSES:
        ignore(book, command, "unknown_class")
    else:
        _move(book, command)


def event_id(book: Book, command: ReportStock) -> str:
    """What makes a repeat the same event: its id, else its sequence at its source, else the command's own id."""
    if command["event_id"]:
        return f"{command['source']}/{command['event_id']}"
    if command["sequence"] is not None:
        return f"{command['source']}/{command['location']}#{command['sequence']}"
    return f"report/{book.message.envelope.id}"


def _move(book: Book, command: ReportStock) -> None:
    as_of, clamped = not_ahead(command["as_of"], book.now)
    sides = _sides(book, command, as_of)
    believed = [side for side in sides if authority_of(book, side["location"]) in ("", command["source"])]
    new = [left for side in believed if (left := unheard(side, book.position(side["location"])))]
    supplies = received(book, command) if believed else []
    if not new and supplies:
        expect(book, supplies[0], command_id=event_id(book, command))
        return
    if not new:
        if believed:
            ignore(book, command, "inside_count")
        else:
            observe_moves(book, command, sides)
        return
    change = Change(book)
    for side in new:
        change.stock(side["location"], on_hand=side["on_hand"], unsellable=side["unsellable"],
                     stock_class=side["stock_class"])  # fmt: skip
    kind, fact = FACTS.get(command["kind"], ADJUSTED)
    record = fact(
        **book.stamp(), kind=command["kind"], location=command["location"], to_location=command["to_location"],
        source=command["source"], source_sequence=command["sequence"], event_id=command["event_id"], as_of=as_of,
        clamped=clamped, late=as_of < (book.position(new[0]["location"])["as_of"] or as_of),
        quantity=command["quantity"], reason=command["reason"], moves=new,
        positions=[_heard(position, as_of) for position in change.positions()],
        **({"supplies": supplies} if supplies else {}),
    )  # fmt: skip
    book.fact(kind, record)


def _sides(book: Book, command: ReportStock, as_of: int) -> list[StockMove]:
    on_hand, unsellable, stock_class = _units(command)
    source, sequence, event = command["source"], command["sequence"], event_id(book, command)

    def side(location: str, units: int, bad: int) -> StockMove:
        return inventory.stock_move(
            location=location, on_hand=units, unsellable=bad, stock_class=stock_class if bad else "", source=source,
            sequence=sequence, event_id=event, at=as_of,
        )  # fmt: skip

    if command["kind"] == "transferred" and command["to_location"]:
        moved, bad = abs(on_hand), abs(unsellable)
        return [side(command["location"], -moved, -bad), side(command["to_location"], moved, bad)]
    return [side(command["location"], on_hand, unsellable)]


def _units(command: ReportStock) -> tuple[int, int, str]:
    """On hand, unsellable units and their class."""
    if command["kind"] in UNSELLABLE:
        stock_class, sign = UNSELLABLE[command["kind"]]
        return 0, sign * command["quantity"], command["stock_class"] or stock_class
    return command["quantity"], command["unsellable"] or 0, command["stock_class"] or DAMAGED


def _heard(position: Position, as_of: int) -> Position:
    return {**position, "as_of": max(as_of, position["as_of"] or as_of)}
