"""Supply on its way, by its name at its source: absolute, the newest announcement counts.

Guard: a higher sequence, else a later time. What has come is counted apart from what was announced, so that it does
not matter whether a receipt or its announcement is heard first. Nothing of it is for sale before it is received.
"""

from __future__ import annotations

from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import AnnounceSupply, ReportStock, Supply
from streams.inventory.book import Book
from tables.inventory.supply import supply_of, to_come


def announce(book: Book, command: AnnounceSupply) -> None:
    """Take an announcement over, or say why not. Cost: O(1)."""
    known = supply_of(book.rows, command["supply"])
    if command["quantity"] < 0:
        _ignore(book, command, "negative_count")
    elif reason := _not_newer(known, command):
        _ignore(book, command, reason)
    else:
        expect(book, {
            **known, "kind": command["kind"], "source": command["source"], "location": command["location"],
            "quantity": command["quantity"], "due": command["due"], "sequence": command["sequence"],
            "as_of": command["as_of"],
        })  # fmt: skip


def received(book: Book, command: ReportStock) -> list[Supply]:
    """The supply that a receipt fulfils, after it; none where it names none."""
    if not command["supply"] or command["kind"] != "received":
        return []
    known = supply_of(book.rows, command["supply"])
    return [_spent(book, {**known, "received": known["received"] + command["quantity"]})]


def expect(book: Book, new: Supply, *, command_id: str = "") -> None:
    """Decide what is expected of a supply from here on."""
    record = inventory.supply_changed(**book.stamp(), command_id=command_id, supplies=[_spent(book, new)])
    book.fact("inventory.supply.changed", record)


def _spent(book: Book, new: Supply) -> Supply:
    return {**new, "spent_at": None if to_come(new) else book.now}


def _not_newer(known: Supply, command: AnnounceSupply) -> str:
    if known["as_of"] is None:
        return ""
    by_sequence = command["sequence"] is not None and known["sequence"] is not None
    new, old = (command["sequence"] or 0, known["sequence"] or 0) if by_sequence else (command["as_of"], known["as_of"])
    if new > old:
        return ""
    same = (known["quantity"], known["due"]) == (command["quantity"], command["due"])
    return ("duplicate" if same else "conflict") if new == old else "stale_sequence" if by_sequence else "stale_count"


def _ignore(book: Book, command: AnnounceSupply, reason: str) -> None:
    book.ignored(
        reason, location=command["location"], source=command["source"], source_sequence=command["sequence"],
        event_id=command["supply"], quantity=command["quantity"],
    )  # fmt: skip
