"""A step took too long: ask again, then call a person."""

from __future__ import annotations

from schemas.generated import orders_v1
from streams.orders import cancelling
from streams.orders.book import Book
from streams.orders.stock import send
from tables.orders.rows import skus_of

TRIES = 3  # asks of one attempt before a person is called; it is asked on after that


def reached(book: Book, said: orders_v1.DeadlineReached) -> None:
    """order.deadline: of a step that is still open; any other is late itself."""
    order, step = book.order, said["step"]
    if step == "pending":
        cancelling.overdue(book)
    elif step == "reserve" and said["attempt"] == order["attempt"] and order["awaiting"] and not order["outcome"]:
        _ask_again(book)
    elif step == "post" and said["attempt"] == order["post_revision"] > order["post_answered"] and not order["outcome"]:
        book.trouble(
            "document_overdue",
            cause="erp",
            detail=f"{order['policy']['erp']} has not answered revision {said['attempt']}",
        )
    else:
        book.ignore("the step was done in time")


def _ask_again(book: Book) -> None:
    """The same attempt again: whoever answered it before answers the same."""
    order = book.order
    book.step("again", attempt=order["attempt"])
    silent = [row["sku"] for row in skus_of(book.rows) if row["state"] == "asked"]
    for sku in silent:
        send(book, sku)
    book.deadline("reserve", order["policy"]["reserve_deadline_s"], order["attempt"])
    if book.order["tries"] >= TRIES:
        book.trouble("failed_allocation", cause="warehouse", detail=f"no answer from {', '.join(silent[:5])}")
