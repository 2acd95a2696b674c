"""All SKUs have answered: is the order taken?"""

from __future__ import annotations

from streams.orders import ending, posting
from streams.orders.book import Book
from tables.orders.quantities import active_of
from tables.orders.rows import lines_of


def judge(book: Book) -> None:
    """All SKUs have answered: accept the order, reject it, or wait for its parked lines."""
    order = book.order
    wanted = active_of(order["sums"]) - order["sums"]["pending"]  # what is still pending is parked
    if wanted > 0:
        accept(book)
    elif order["parked"]:
        book.step("parked")
    else:
        ending.reject(book, "out_of_stock")


def accept(book: Book) -> None:
    """The order is taken: tell so, and post it."""
    book.emit("order.accepted", lines=list(lines_of(book.rows)))
    posting.post(book)
