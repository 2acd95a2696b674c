"""Goods left a location: on hand and hold fall together, once per shipment event.

Hold or not, the goods are gone, so on hand falls. What was shipped without a hold (late after an expiry, from another
location) is a new grant where stock is free; where it is not, the location is short and says so, naming the line.
A movement that a count has inside already lowers the hold only (inventory.md V11).
"""

from __future__ import annotations

from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import Ship, Standing
from streams.inventory.book import Book, Change
from streams.inventory.clock import not_ahead
from streams.inventory.standing import lessened, revised
from tables.inventory import names
from tables.inventory.movements import inside_last_count


def ship(book: Book, command: Ship) -> None:
    """Lower hold and on hand. Cost: O(the holder's rows)."""
    event_id = command["event_id"] or command["shipment"] or book.message.envelope.id
    about = {
        "holder": command["holder"],
        "location": command["location"],
        "quantity": command["quantity"],
        "event_id": event_id,
    }
    if command["quantity"] <= 0:
        book.ignored("no_quantity", **about)
    elif not command["location"]:
        book.ignored("no_location", **about)
    elif book.rows.get(names.shipment(command["holder"], event_id, command["line"], command["location"])):
        book.ignored("duplicate", **about)
    else:
        _ship(book, command, event_id)


def _ship(book: Book, command: Ship, event_id: str) -> None:
    at, _ = not_ahead(command["at"], book.now)
    move = inventory.stock_move(
        location=command["location"], on_hand=-command["quantity"], at=at, cause=f"{command['holder']}/{event_id}"
    )
    known = inside_last_count(move, book.position(command["location"]))
    change = Change(book)
    held = _draw(book, change, command)
    change.stock(command["location"], on_hand=0 if known else -command["quantity"])
    standing = book.standing(command["holder"])
    record = inventory.reservation_shipped(
        **book.about(standing), line=command["line"], location=command["location"], quantity=command["quantity"],
        held=held, unheld=command["quantity"] - held, inside_count=known, shipment=command["shipment"],
        event_id=event_id, shipped_at=at, moves=[] if known else [move], entries=change.entries(),
        standings=[revised(book, _served(standing, command, held), change)], positions=change.positions(),
    )  # fmt: skip
    book.fact("inventory.reservation.shipped", record)


def _draw(book: Book, change: Change, command: Ship) -> int:
    """Firm units go before reserved ones, those of this location before others of the line."""
    rows = [row for row in book.holds(command["holder"]) if row["line"] == command["line"]]
    here = [row for row in rows if row["location"] == command["location"]]
    elsewhere = [row for row in rows if row["location"] != command["location"]]
    taken = 0
    for place in (here, elsewhere):
        taken += change.draw(place, "allocated", command["quantity"] - taken)
        taken += change.draw(place, "reserved", command["quantity"] - taken)
    return taken


def _served(standing: Standing, command: Ship, held: int) -> Standing:
    """What the line had not held is served by this shipment too: it waits for that much less."""
    unheld = command["quantity"] - held
    return lessened(standing, command["line"], command["quantity"], waiting=unheld, missing=unheld)
