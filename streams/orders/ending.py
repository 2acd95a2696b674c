"""An order ends without goods: everything is given back, nobody waits any more."""

from __future__ import annotations

from streams.orders.book import Book
from streams.orders.stock import close_all
from tables.orders.quantities import OPEN, moved, open_of
from tables.orders.rows import Line, lines_of


def reject(book: Book, reason: str) -> None:
    """Nothing more of the order is taken: what is open is rejected and its stock given back."""
    open_lines = [line for line in lines_of(book.rows) if open_of(line) or line["problem"]]
    unpark(book, open_lines, "rejected")
    book.change([without_problem(moved(line, open_of(line), OPEN, "rejected")[0]) for line in open_lines], "rejected")
    close_all(book, "rejected")
    book.reason = reason
    book.emit("order.rejected", reason=reason)
    book.no_deadline("reserve", "post")


def unpark(book: Book, lines: list[Line], resolution: str) -> None:
    """The exceptions of these lines are settled by the end of the lines."""
    for line in lines:
        if line["problem"]:
            book.relief(line["problem"], resolution, line=line["line"])


def without_problem(line: Line) -> Line:
    """The line, no longer parked."""
    return {**line, "problem": ""} if line["problem"] else line
