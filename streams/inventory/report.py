"""What a source reports of a SKU: a count or a movement."""

from __future__ import annotations

from schemas.generated.inventory_v1 import ReportStock
from streams.inventory.book import Book
from streams.inventory.count import count
from streams.inventory.doubts import followed, tell_gap
from streams.inventory.move import KINDS, move
from streams.inventory.observe import ignore


def report(book: Book, command: ReportStock) -> None:
    """Take over what the guards let through; everything else is a fact with its reason."""
    was = followed(book, command)
    _take(book, command)
    tell_gap(book, command, was)


def _take(book: Book, command: ReportStock) -> None:
    if not command["location"]:
        ignore(book, command, "no_location")
    elif command["kind"] == "counted":
        count(book, command)
    elif command["kind"] in KINDS:
        move(book, command)
    else:
        ignore(book, command, "unknown_kind")
