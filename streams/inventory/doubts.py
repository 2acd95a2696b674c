"""Say once that a source is in doubt, and once that it is not any more: a missing report, or two that count one shelf.

Nothing of it changes stock. A gap says that a movement may be missing from the number; a contested location, that
whoever counted last is believed, because nobody was made its authority.
"""

from __future__ import annotations

from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import ReportStock
from schemas.generated.state_inventory_v1 import Gap
from streams.inventory.book import Book
from tables.inventory.gaps import gap_of, missing, sequenced

GAP, CONTESTED = "gap", "contested"


def followed(book: Book, command: ReportStock) -> Gap | None:
    """What was heard of the report's source before it."""
    numbered = command["sequence"] is not None
    known = numbered and sequenced(book.sku["rules"], command["location"], command["source"])
    return gap_of(book.rows, command["location"], command["source"]) if known else None


def tell_gap(book: Book, command: ReportStock, was: Gap | None) -> None:
    """A report is missing now that was not before, or all are there again. Cost: O(1), nothing where nobody follows."""
    now = followed(book, command)
    if missing(now) == missing(was):
        return
    told = now if missing(now) else was
    numbers = told["missing"] if told else []
    record = inventory.source_doubted(
        **book.stamp(), location=command["location"], source=command["source"], doubt=GAP, in_force=missing(now),
        missing_from=numbers[0] if numbers else None, missing_to=numbers[-1] if numbers else None,
    )  # fmt: skip
    book.fact("inventory.source.doubted", record)


def tell_contested(book: Book, location: str, source: str, before: str) -> None:
    """A second source counts what another one counted, and nobody said which of them is right."""
    if before in ("", source) or location in book.sku["contested"]:
        return
    record = inventory.source_doubted(
        **book.stamp(), location=location, source=source, doubt=CONTESTED, in_force=True, other=before
    )
    book.fact("inventory.source.doubted", record)


def settle_contested(book: Book) -> None:
    """Rules that name an authority end the contest about a location."""
    rules = book.sku["rules"]
    for location, first in sorted(book.sku["contested"].items()):
        if rules and (believed := rules["authorities"].get(location)):
            record = inventory.source_doubted(
                **book.stamp(), location=location, source=believed, doubt=CONTESTED, in_force=False, other=first
            )
            book.fact("inventory.source.doubted", record)
