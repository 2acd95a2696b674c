"""Give back what a holder has: all and for good, some of a line, or because its time is over."""

from __future__ import annotations

from typing import Literal

from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import ExpireHold, Release, ReleaseLine, Standing, StandingLine
from schemas.generated.state_inventory_v1 import Hold
from streams.inventory.answer import answer
from streams.inventory.book import Book, Change
from streams.inventory.standing import lessened, revised
from tables.inventory import ledger, names

SHORT_PICK = "short_pick"
Order = tuple[Literal["reserved", "allocated"], Literal["reserved", "allocated"]]
RESERVED_FIRST: Order = ("reserved", "allocated")
FIRM_FIRST: Order = ("allocated", "reserved")


def release(book: Book, command: Release) -> None:
    """Give back the lines' quantities; without lines all of it, and refuse its attempts from here on.

    Of a line, what is queued goes first, and `keep` says what stays rather than what goes; the same command counts once. An older attempt's release closes it and takes
    nothing from a newer one. Cost: O(the holder's rows).
    """
    if command["lines"]:
        _some(book, command)
    elif command["attempt"] <= book.standing(command["holder"])["closed"]:
        book.ignored("duplicate", holder=command["holder"])
    elif command["attempt"] < book.standing(command["holder"])["attempt"]:
        standing: Standing = {**book.standing(command["holder"]), "closed": command["attempt"]}
        _closed(book, standing, command["reason"])
    else:
        _all(book, command)


def expire(book: Book, command: ExpireHold) -> None:
    """A hold's time is over: reserved and queued units are free again, what is with the warehouse stays."""
    standing = book.standing(command["holder"])
    due = standing["expires_at"]
    if due is None or due > book.now:
        book.ignored("not_due", holder=command["holder"])
        return
    change = Change(book)
    for row in book.holds(command["holder"]):
        change.draw([row], "reserved", row["reserved"])
    ended = revised(book, _ended(standing, standing["attempt"]), change)
    record = inventory.reservation_expired(
        **book.about(standing), quantity=-change.held(command["holder"]), withdrawn=ledger.waiting(standing),
        entries=change.entries(), standings=[ended], positions=change.positions(),
    )  # fmt: skip
    book.fact("inventory.reservation.expired", record)
    answer(book, command["holder"])


def _all(book: Book, command: Release) -> None:
    standing = book.standing(command["holder"])
    if standing["expires_at"] is not None:
        book.expiry(command["holder"], command["attempt"], None)
    change = Change(book)
    for row in book.holds(command["holder"]):
        change.draw([row], "reserved", row["reserved"])
        change.draw([row], "allocated", row["allocated"])
    if not change.entries() and not ledger.waiting(standing):
        _closed(book, _ended(standing, command["attempt"]), command["reason"])
        return
    record = inventory.reservation_released(
        **book.about(standing), quantity=-change.held(command["holder"]), withdrawn=ledger.waiting(standing),
        reason=command["reason"], entries=change.entries(),
        standings=[revised(book, _ended(standing, command["attempt"]), change)], positions=change.positions(),
    )  # fmt: skip
    book.fact("inventory.reservation.released", record)


def _ended(standing: Standing, closed: int) -> Standing:
    return {**standing, "closed": max(closed, standing["closed"]), "expires_at": None, "ticket": "", "lines": []}


def _closed(book: Book, standing: Standing, reason: str) -> None:
    record = inventory.attempt_closed(**book.about(standing), reason=reason, standings=[revised(book, standing)])
    book.fact("inventory.attempt.closed", record)


def _some(book: Book, command: Release) -> None:
    command_id = f"release/{book.message.envelope.id}"
    if book.rows.get(names.event(command_id)):
        book.ignored("duplicate", holder=command["holder"])
        return
    was = standing = book.standing(command["holder"])
    change, rows = Change(book), book.holds(command["holder"])
    for line in command["lines"]:
        here = [row for row in rows if row["line"] == line["line"]]
        had, firm = _demand(standing, line["line"]), command["reason"] == SHORT_PICK
        units = line["quantity"] if line["keep"] is None else _beyond(book, command["holder"], line, here, had)
        unqueued = 0 if firm else min(had["waiting"], max(0, units))
        given = unqueued + _draw(change, here, units - unqueued, command["reason"])
        standing = lessened(standing, line["line"], given, waiting=unqueued)
    if not change.entries() and standing["lines"] == was["lines"]:
        book.ignored("nothing_held", holder=command["holder"], command_id=command_id)
        return
    record = inventory.reservation_released(
        **book.about(standing), quantity=-change.held(command["holder"]), command_id=command_id,
        reason=command["reason"], withdrawn=ledger.waiting(was) - ledger.waiting(standing), entries=change.entries(),
        standings=[revised(book, standing, change)], positions=change.positions(),
    )  # fmt: skip
    book.fact("inventory.reservation.released", record)


def _draw(change: Change, rows: list[Hold], units: int, reason: str) -> int:
    """Reserved units go before those with the warehouse, unless the warehouse itself did not find them."""
    first, second = FIRM_FIRST if reason == SHORT_PICK else RESERVED_FIRST
    taken = change.draw(rows, first, units)
    return taken + change.draw(rows, second, units - taken)


def _beyond(book: Book, holder: str, line: ReleaseLine, rows: list[Hold], had: StandingLine) -> int:
    """Units held and queued beyond what the holder wants in all, what left included."""
    held = sum(row["reserved"] + row["allocated"] for row in rows)
    return held + had["waiting"] + book.shipped(holder).get(line["line"], 0) - (line["keep"] or 0)


def _demand(standing: Standing, name: str) -> StandingLine:
    lines = [line for line in standing["lines"] if line["line"] == name]
    return lines[0] if lines else inventory.standing_line(line=name, quantity=0)
