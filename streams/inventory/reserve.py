"""Hold stock for all lines of an order or cart on this SKU, together.

An attempt is decided once: asked again it gets the same answer; a closed or overtaken one is refused. A newer attempt
asks for more, beside what its lines hold and have queued already.
"""

from __future__ import annotations

from schemas.generated.inventory_v1 import Reserve
from streams.inventory.answer import answer, answer_closed
from streams.inventory.book import Book
from streams.inventory.request import Request

CART_HOLD_MS = 15 * 60_000  # a cart that names no expiry
CART_CAP_MS = 4 * 3_600_000  # no cart holds longer


def reserve(book: Book, command: Reserve) -> None:
    """Grant, queue or refuse what is asked, and answer. Cost: O(lines, the holder's rows, locations)."""
    standing = book.standing(command["holder"])
    if command["attempt"] <= standing["closed"] or command["attempt"] < standing["attempt"]:
        book.ignored("closed", holder=command["holder"])
        answer_closed(book, command)
        return
    if command["attempt"] == standing["attempt"]:
        book.ignored("duplicate", holder=command["holder"])
    else:
        _decide(Request(book, command, _expiry(book, command)))
    answer(book, command["holder"])


def _decide(request: Request) -> None:
    _set_expiry(request)
    if request.command["mode"] != "whole":
        _grant(request)
    elif request.command["wait"] and request.missing():
        request.queue()
    elif request.fits():
        _grant(request)
    else:
        request.refuse()


def _grant(request: Request) -> None:
    request.take_over()
    request.hold()
    if request.missing() and request.command["wait"] and request.room() != 0:
        request.queue()
    if request.missing():
        request.refuse()


def _expiry(book: Book, command: Reserve) -> int | None:
    due = command["expires_at"]
    if command["holder_kind"] != "cart":
        return due
    return min(book.now + CART_HOLD_MS if due is None else due, book.now + CART_CAP_MS)


def _set_expiry(request: Request) -> None:
    holder, due = request.command["holder"], request.standing["expires_at"]
    if due != request.book.standing(holder)["expires_at"]:
        request.book.expiry(holder, request.command["attempt"], due)
