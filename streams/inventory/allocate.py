"""Make reserved stock firm where it lies: it goes to the warehouse."""

from __future__ import annotations

from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import Allocate
from schemas.generated.state_inventory_v1 import Hold
from streams.inventory.answer import answer
from streams.inventory.book import Book, Change
from streams.inventory.standing import revised
from tables.inventory import names


def allocate(book: Book, command: Allocate) -> None:
    """Of what is reserved, up to the lines' quantities becomes allocated; without lines, all of it.

    A quantity beyond what is reserved is met by what is allocated already, so that asking by totals is asking for the
    rest; what neither covers has failed. The same command counts once. Cost: O(the holder's rows).
    """
    command_id = f"allocate/{book.message.envelope.id}"
    if command["attempt"] <= book.standing(command["holder"])["closed"]:
        book.ignored("closed", holder=command["holder"])
    elif book.rows.get(names.event(command_id)):
        book.ignored("duplicate", holder=command["holder"])
        answer(book, command["holder"])
    else:
        _allocate(book, command, command_id)


def _allocate(book: Book, command: Allocate, command_id: str) -> None:
    standing = book.standing(command["holder"])
    change, rows = Change(book), book.holds(command["holder"])
    asked = _asked(command, rows)
    failed = sum(_firm(change, [row for row in rows if row["line"] == line], units) for line, units in asked.items())
    if change.entries():
        record = inventory.stock_allocated(
            **book.about(standing), quantity=sum(entry["allocated_change"] for entry in change.entries()),
            command_id=command_id,
            entries=change.entries(), standings=[revised(book, standing, change)], positions=change.positions(),
        )  # fmt: skip
        book.fact("inventory.allocated", record)
    elif not failed:
        book.ignored("duplicate" if rows else "nothing_held", holder=command["holder"], command_id=command_id)
    if failed:
        _fail(book, command, sum(asked.values()), failed, "" if change.entries() else command_id)
    answer(book, command["holder"])


def _asked(command: Allocate, rows: list[Hold]) -> dict[str, int]:
    asked: dict[str, int] = {}
    for line in command["lines"]:
        asked[line["line"]] = asked.get(line["line"], 0) + max(0, line["quantity"])
    if not command["lines"]:
        for row in rows:
            asked[row["line"]] = asked.get(row["line"], 0) + row["reserved"]
    return asked


def _firm(change: Change, rows: list[Hold], units: int) -> int:
    """Units that are neither reserved nor allocated."""
    left = units
    for row in rows:
        firm = min(left, row["reserved"])
        if firm:
            change.hold(row["holder"], row["line"], row["location"], reserved=-firm, allocated=firm)
        left -= firm
    return max(0, left - sum(row["allocated"] for row in rows))


def _fail(book: Book, command: Allocate, asked: int, failed: int, command_id: str) -> None:
    standing = book.standing(command["holder"])
    record = inventory.allocation_failed(
        **book.about(standing),
        step="allocate",
        mode=standing["mode"],
        asked=asked,
        available=asked - failed,
        failed=failed,
        command_id=command_id,
    )
    book.fact("inventory.allocation.failed", record)
