"""What SKUs answer, line by line, and what follows when the last one has answered."""

from __future__ import annotations

from schemas.generated import orders_v1
from streams.orders import accepting, complete, posting, releasing
from streams.orders.book import Book
from streams.orders.stock import demand, want
from tables.orders.quantities import changed, open_of
from tables.orders.rows import Line, Sku, line_of, lines_of, sku_of
from tables.orders.stock import answers


def start(book: Book) -> None:
    """Ask for all that can be asked for; a ship-complete order waits until no line is parked."""
    order = book.order
    wanted = demand(book, [line["line"] for line in lines_of(book.rows)])
    if not wanted or (order["policy"]["ship_complete"] and order["parked"]):
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
    return take(book, said, answered=answered)


def stale(row: Sku, said: orders_v1.StockAnswer) -> bool:
    """Whether the answer is of an attempt that was given back, or not newer than the last one taken."""
    if said["attempt"] <= row["closed"]:
        return True
    owed = answers(row, said["attempt"])
    return said["version"] < row["version"] or (said["version"] == row["version"] and not owed)


def take(book: Book, said: orders_v1.StockAnswer, *, answered: bool) -> None:
    """Move the lines to where their stock is, and go on."""
    row = sku_of(book.rows, said["sku"])
    told = {stock["line"]: stock for stock in said["lines"]}
    names = row["lines"] if row and answered else list(told)
    given = row["given"] if row else {}
    lines = [line for line in (line_of(book.rows, name) for name in names) if line is not None and not line["problem"]]
    moved = [settled(line, told.get(line["line"]), answered=answered, given=given.get(line["line"], 0)) for line in lines]
    book.change(moved, "stock")
    go_on(book, [line["line"] for line in moved])


def settled(line: Line, stock: orders_v1.LineStock | None, *, answered: bool, given: int) -> Line:
    """A line after its SKU's answer.

    answered  the SKU owed it: what was pending is decided now, and what is neither held nor queued is rejected
    given     units in this answer that were given back since: taken from the queue first, as the SKU does
    """
    told = stock or orders_v1.line_stock(line=line["line"], reserved=0)
    unqueued = min(given, told["waiting"])
    held = told["reserved"] + told["allocated"] - (given - unqueued)
    wanted = line["backordered"] + (line["pending"] if answered else 0)
    waiting = min(wanted, told["waiting"] - unqueued)
    first = not line["reserved"] + line["released"] + line["shipped"]
    missing = max(told["missing"], open_of(line) - held - waiting) if first else told["missing"]
    rejected = min(wanted - waiting, max(0, missing)) if answered else 0
    pending = 0 if answered else line["pending"]
    return changed(line, pending=pending, backordered=waiting, rejected=line["rejected"] + rejected,
                   reserved=line["reserved"] + wanted - waiting - rejected)  # fmt: skip


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
