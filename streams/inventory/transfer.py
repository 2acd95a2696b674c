"""Move held stock: to another location, to another holder, or both, in one step.

All of it moves or none of it, so there is no moment in which the units are held twice or not at all. Units keep their
state: what was with one warehouse is with the other. The new location must have them free (inventory.md V24).
"""

from __future__ import annotations

from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import Standing, TransferHold
from schemas.generated.state_inventory_v1 import Hold
from streams.inventory.answer import answer
from streams.inventory.book import Book, Change
from streams.inventory.standing import lessened, revised, widened
from tables.inventory import names
from tables.inventory.position import free_at


def transfer(book: Book, command: TransferHold) -> None:
    """Move the units, or say why they stay. The same command counts once. Cost: O(the holder's rows)."""
    command_id = f"transfer/{book.message.envelope.id}"
    if book.rows.get(names.event(command_id)):
        book.ignored("duplicate", holder=command["holder"])
    elif reason := _refusal(book, command):
        book.ignored(reason, holder=command["holder"], quantity=command["quantity"], command_id=command_id)
    else:
        _transfer(book, command, command_id)
    answer(book, command["holder"])
    if _receiver(command) != command["holder"]:
        answer(book, _receiver(command))


def _receiver(command: TransferHold) -> str:
    return command["to_holder"] or command["holder"]


def _refusal(book: Book, command: TransferHold) -> str:
    """Why the command cannot be meant, "" where it can."""
    standing, other = book.standing(command["holder"]), book.standing(_receiver(command))
    same_line = command["to_line"] in ("", command["line"])
    if command["quantity"] <= 0:
        return "no_quantity"
    if not command["to_location"] and other["holder"] == command["holder"] and same_line:
        return "same_place"
    if command["attempt"] <= standing["closed"] or command["attempt"] < standing["attempt"]:
        return "closed"
    if other["holder"] != command["holder"] and max(other["attempt"], command["to_attempt"]) <= other["closed"]:
        return "closed"
    return ""


def _transfer(book: Book, command: TransferHold, command_id: str) -> None:
    rows = _rows(book, command)
    room = _free_at(book, command["to_location"])
    change, taken = Change(book), 0
    for row in rows:
        stays = command["to_location"] in ("", row["location"])
        units = min(command["quantity"] - taken, row["reserved"] + row["allocated"])
        units = units if stays else min(units, room)
        room -= 0 if stays else units
        _move(change, command, row, units)
        taken += units
    if taken < command["quantity"]:
        _fail(book, command, taken, command_id)
        return
    record = inventory.reservation_transferred(
        **book.about(_joined(book, command)), from_holder=command["holder"], quantity=taken, entries=change.entries(),
        standings=_standings(book, command, change), positions=change.positions(), command_id=command_id,
        from_location=command["from_location"], to_location=command["to_location"], reason=command["reason"],
    )  # fmt: skip
    book.fact("inventory.reservation.transferred", record)


def _rows(book: Book, command: TransferHold) -> list[Hold]:
    """The line's rows that the units may come from; a move within one line takes none from where it goes."""
    within = _receiver(command) == command["holder"] and command["to_line"] in ("", command["line"])
    here = [row for row in book.holds(command["holder"]) if row["line"] == command["line"]]
    return [
        row
        for row in here
        if command["from_location"] in ("", row["location"])
        and not (within and row["location"] == command["to_location"])
    ]


def _free_at(book: Book, location: str) -> int:
    return max(0, free_at(book.sku, location)) if location in book.sku["positions"] else 0


def _move(change: Change, command: TransferHold, row: Hold, units: int) -> None:
    """Reserved units go before those with a warehouse."""
    reserved = min(units, row["reserved"])
    place = command["to_location"] or row["location"]
    change.hold(row["holder"], row["line"], row["location"], reserved=-reserved, allocated=reserved - units)
    change.hold(_receiver(command), command["to_line"] or row["line"], place, reserved=reserved,
                allocated=units - reserved)  # fmt: skip


def _joined(book: Book, command: TransferHold) -> Standing:
    """The receiver with the units in its line; a new one takes the channel and kind of who gives."""
    giver, other = book.standing(command["holder"]), book.standing(_receiver(command))
    if giver["holder"] == other["holder"]:
        other = lessened(other, command["line"], command["quantity"])
    return {
        **widened(other, command["to_line"] or command["line"], command["quantity"]),
        "holder_kind": other["holder_kind"] if other["attempt"] else giver["holder_kind"],
        "channel": other["channel"] or giver["channel"],
        "attempt": max(other["attempt"], command["to_attempt"]),
    }


def _standings(book: Book, command: TransferHold, change: Change) -> list[Standing]:
    joined = revised(book, _joined(book, command), change)
    if joined["holder"] == command["holder"]:
        return [joined]
    left = lessened(book.standing(command["holder"]), command["line"], command["quantity"])
    return [revised(book, left, change), joined]


def _fail(book: Book, command: TransferHold, available: int, command_id: str) -> None:
    record = inventory.allocation_failed(
        **book.about(book.standing(command["holder"])), step="transfer", mode="whole", asked=command["quantity"],
        available=available, failed=command["quantity"], command_id=command_id,
    )  # fmt: skip
    book.fact("inventory.allocation.failed", record)
