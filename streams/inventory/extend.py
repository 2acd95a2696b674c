"""Let a live hold last longer, or shorter; a hold that is over is never revived."""

from __future__ import annotations

from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import ExtendHold, Standing
from streams.inventory.answer import answer
from streams.inventory.book import Book
from streams.inventory.reserve import CART_CAP_MS
from streams.inventory.standing import revised


def extend(book: Book, command: ExtendHold) -> None:
    """Set the expiry of what the holder has, and answer. Cost: O(the holder's rows)."""
    standing = book.standing(command["holder"])
    if command["attempt"] <= standing["closed"] or command["attempt"] < standing["attempt"]:
        book.ignored("closed", holder=command["holder"])
    elif not standing["held"] and not standing["ticket"]:
        book.ignored("nothing_held", holder=command["holder"])
    elif command["expires_at"] <= book.now:
        book.ignored("past_expiry", holder=command["holder"])
    else:
        _extend(book, standing, command)
    answer(book, command["holder"])


def _extend(book: Book, standing: Standing, command: ExtendHold) -> None:
    due = min(command["expires_at"], _latest(book, standing))
    if due == standing["expires_at"]:
        book.ignored("duplicate", holder=standing["holder"])
        return
    record = inventory.reservation_extended(
        **book.about(standing), expires_at=due, standings=[revised(book, {**standing, "expires_at": due})]
    )
    book.fact("inventory.reservation.extended", record)
    book.expiry(standing["holder"], standing["attempt"], due)


def _latest(book: Book, standing: Standing) -> int:
    """A cart holds no longer than its cap, counted from its oldest hold."""
    if standing["holder_kind"] != "cart":
        return 10**15
    since = min((row["since"] for row in book.holds(standing["holder"])), default=book.now)
    return since + CART_CAP_MS
