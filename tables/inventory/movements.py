"""The movement log: what a later count has inside is taken out, what it has not is added to it.

The window is bounded: `WINDOW` movements per SKU. A movement that falls out of it raises the location's `forgotten`
time; a count from before that time cannot be merged any more and is refused by name.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from schemas.generated import state_inventory_v1 as state
from schemas.generated.inventory_v1 import Position, StockMove
from schemas.generated.state_inventory_v1 import Sku
from tables.inventory import names
from tables.inventory.classes import changed
from tables.rows import Rows

WINDOW = 512  # some hours of a busy SKU; a movement costs about 200 bytes of state


def inside(move: StockMove, source: str, sequence: int | None, as_of: int) -> bool:
    """Whether a count has this movement inside: by the source's own sequence, else by time."""
    if move["source"] == source and move["sequence"] is not None and sequence is not None:
        return move["sequence"] <= sequence
    return move["at"] <= as_of


def inside_last_count(move: StockMove, position: Position) -> bool:
    """Whether the newest count of the location has this movement inside."""
    as_of = position["counted_as_of"]
    return as_of is not None and inside(move, position["source"], position["counted_sequence"], as_of)


class Later(NamedTuple):
    """What moved after a count: on hand, and unsellable units by class."""

    on_hand: int
    classes: dict[str, int]


def unheard(move: StockMove, position: Position) -> StockMove | None:
    """What of a movement no count of the location has inside; None where all of it is known.

    A count that tells only on hand says nothing of classes, so what was damaged before it is still to be counted.
    """
    units = 0 if inside_last_count(move, position) else move["on_hand"]
    as_of = position["classed_as_of"]
    classed = as_of is not None and inside(move, position["source"], position["classed_sequence"], as_of)
    bad = 0 if classed else move["unsellable"]
    return {**move, "on_hand": units, "unsellable": bad} if units or bad else None


def outstanding(rows: Rows, location: str, source: str, sequence: int | None, as_of: int) -> Later:
    """What moved after a count. Cost: O(movements since the last count)."""
    on_hand, classes = 0, dict[str, int]()
    for _, move in rows.scan(names.moves(location)):
        if not inside(move, source, sequence, as_of):
            on_hand += move["on_hand"]
            classes = changed(classes, {move["stock_class"]: move["unsellable"]})
    return Later(on_hand, classes)


def settled(
    rows: Rows, location: str, source: str, sequence: int | None, as_of: int, *, kept: bool = False
) -> dict[str, Any]:
    """The movements that a count takes out of the log, as deleted rows.

    kept  where other sources are compared: a movement goes from the log to the history, with its place
    """
    logged = rows.scan(names.moves(location))
    if not kept:
        return {name: None for name, move in logged if inside(move, source, sequence, as_of)}
    out = {name: move for name, move in logged if inside(move, source, sequence, as_of)}
    past = {f"{names.pasts(location)}{name.rpartition('|')[2]}": move for name, move in out.items()}
    return {**dict.fromkeys(out), **past}


def remember(sku: Sku, rows: Rows, moves: list[StockMove]) -> tuple[Sku, dict[str, Any]]:
    """The log with these movements, and the SKU with its window moved on. Cost: O(moves)."""
    changes: dict[str, Any] = {}
    for move in moves:
        sku, added = _remember_event(sku, rows, move["location"], move["event_id"])
        changes |= {**added, names.move(move["location"], sku["logged"]): move}
    return sku, changes


def remember_command(sku: Sku, rows: Rows, command_id: str) -> tuple[Sku, dict[str, Any]]:
    """The dedupe window with a command's id."""
    return _remember_event(sku, rows, "", command_id)


def _remember_event(sku: Sku, rows: Rows, location: str, event_id: str) -> tuple[Sku, dict[str, Any]]:
    place = sku["logged"] + 1
    changes: dict[str, Any] = {names.logged(place): state.logged(location=location, event_id=event_id)}
    if event_id:
        changes[names.event(event_id)] = state.seen(place=place)
    sku, dropped = _forget(sku, rows, place - WINDOW)
    return {**sku, "logged": place}, {**dropped, **changes}


def _forget(sku: Sku, rows: Rows, place: int) -> tuple[Sku, dict[str, Any]]:
    old = rows.get(names.logged(place)) if place > 0 else None
    if old is None:
        return sku, {}
    name = names.move(old["location"], place)
    move = rows.get(name)
    changes: dict[str, Any] = {names.logged(place): None}
    if old["event_id"]:
        changes[names.event(old["event_id"])] = None
    if move is not None:
        since = max(move["at"], sku["forgotten"].get(old["location"], 0))
        return {**sku, "forgotten": {**sku["forgotten"], old["location"]: since}}, {**changes, name: None}
    if old["location"] in sku["observed"]:
        sku, past = _forget_past(sku, rows, old["location"], place)
        changes |= past
    return sku, changes


def _forget_past(sku: Sku, rows: Rows, location: str, place: int) -> tuple[Sku, dict[str, None]]:
    """History that falls out of the window: observations from before it are compared exactly no more."""
    name = names.past(location, place)
    move = rows.get(name)
    if move is None:
        return sku, {}
    watched = sku["observed"][location]
    since = state.observed(complete_from=max(watched["complete_from"], move["at"]), newest=watched["newest"])
    return {**sku, "observed": {**sku["observed"], location: since}}, {name: None}
