"""What SKUs answer, line by line, and what follows when the last one has answered."""

from __future__ import annotations

from typing import NamedTuple

from schemas.generated import orders_v1
from streams.orders import accepting, complete, ending, posting, releasing
from streams.orders.book import Book
from streams.orders.stock import demand, give_part, want
from tables.orders.quantities import changed
from tables.orders.rows import Line, Sku, line_of, lines_of, quantities, sku_of
from tables.orders.stock import answers


def start(book: Book) -> None:
    """Ask for all that can be asked for; a ship-complete order waits until no line is parked."""
    order = book.order
    wanted = demand(book, [line["line"] for line in lines_of(book.rows)])
    if not wanted and not order["parked"]:
        ending.reject(book, "nothing_ordered")
    elif not wanted or (order["policy"]["ship_complete"] and order["parked"]):
        book.step("parked")
    elif order["policy"]["ship_complete"]:
        complete.start(book, wanted)
    else:
        want(book, wanted)


def stock_answered(book: Book, said: orders_v1.StockAnswer) -> None:
    """order.stock-answer: absolute and versioned; an older one, or one of a closed attempt, changes nothing."""
    row = sku_of(book.rows, said["sku"])
    if row is None or stale(row, said):
        return book.ignore("an answer to a closed attempt, or older than what is known")
    answered = answers(row, said["attempt"])
    book.emit("order.stock.noted", sku=said["sku"], attempt=said["attempt"], version=said["version"], state=said["state"],
              lines=said["lines"])  # fmt: skip
    if book.order["step"] in complete.STEPS and row["mode"] == "whole":
        return complete.answered(book, said, owed=answered)
    if answered or row["state"] != "asked":
        take(book, row, said, answered=answered)  # else the answer that is owed will say it all
    return None


def stale(row: Sku, said: orders_v1.StockAnswer) -> bool:
    """Whether the answer is of an attempt that was given back or overtaken, or not newer than the last one taken."""
    if said["attempt"] <= row["closed"] or said["attempt"] < row["attempt"]:
        return True
    owed = answers(row, said["attempt"])
    return said["version"] < row["version"] or (said["version"] == row["version"] and not owed)


def take(book: Book, row: Sku, said: orders_v1.StockAnswer, *, answered: bool) -> None:
    """Move the lines to where their stock is, then ask for more or give back what changed meanwhile.

    row  the SKU as it was before the answer: with what it was asked, and what was deferred
    """
    told = {stock["line"]: stock for stock in said["lines"]}
    names = row["lines"] if answered else list(told)
    lines = [line for line in (line_of(book.rows, name) for name in names) if line is not None and not line["problem"]]
    moves = [answered_line(line, row, told.get(line["line"])) if answered else supplied_line(book, line, row, told[line["line"]])
             for line in lines]  # fmt: skip
    book.change([move.line for move in moves], "stock")
    surplus = [
        orders_v1.line_quantity(line=move.line["line"], sku=row["sku"], quantity=move.surplus)
        for move in moves
        if move.surplus
    ]
    if surplus:
        give_part(book, row, surplus, "cancelled")
    more = [
        orders_v1.line_quantity(line=move.line["line"], sku=row["sku"], quantity=move.more)
        for move in moves
        if move.more
    ]
    if more:
        want(book, more)
    go_on(book, [move.line["line"] for move in moves])


class Move(NamedTuple):
    """A line after its SKU's answer, what of it is given back now and what is asked for now."""

    line: Line
    surplus: int = 0
    more: int = 0


def answered_line(line: Line, row: Sku, told: orders_v1.LineStock | None) -> Move:
    """A line whose ask is answered: what is neither held nor queued is rejected, unless it is not wanted any more."""
    name, asked = line["line"], quantities(row["asked"])
    stock = told or orders_v1.line_stock(line=name, reserved=0, missing=asked.get(name, 0))
    missing = stock["missing"] if name in asked else 0
    less, more = max(0, -row["more"].get(name, 0)), max(0, row["more"].get(name, 0))
    surplus = max(0, less - missing)
    wanted = line["backordered"] + line["pending"] - more
    waiting = min(wanted, max(0, stock["waiting"] - surplus))
    rejected = min(wanted - waiting, max(0, missing - less))
    later = changed(line, pending=more, backordered=waiting, rejected=line["rejected"] + rejected,
                    reserved=line["reserved"] + wanted - waiting - rejected)  # fmt: skip
    return Move(later, surplus, more)


def supplied_line(book: Book, line: Line, row: Sku, stock: orders_v1.LineStock) -> Move:
    """A line that waited: what does not wait any more is reserved; what was given back meanwhile goes off its queue."""
    noted = sku_of(book.rows, row["sku"])
    given = noted["given"].get(line["line"], 0) if noted else 0
    waiting = min(line["backordered"], max(0, stock["waiting"] - given))
    return Move(changed(line, backordered=waiting, reserved=line["reserved"] + line["backordered"] - waiting))


def go_on(book: Book, touched: list[str]) -> None:
    """What can follow now: acceptance when the last SKU has answered, release of what came later."""
    order = book.order
    if order["step"] == "reserve" and not order["awaiting"]:
        book.step("settled")
        book.no_deadline("reserve")
        book.relief("failed_allocation", "answered")
        if not order["accepted"]:
            return accepting.judge(book)
        posting.amend(book)
    if order["accepted"]:
        releasing.release(book, touched)
    return None
