"""What SKUs answer, line by line, and what follows when the last one has answered."""

from __future__ import annotations

from schemas.generated import orders_v1
from streams.orders import accepting, complete, posting, releasing
from streams.orders.book import Book
from streams.orders.stock import demand, give_part, want
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
    if answered or row["state"] != "asked":
        take(book, row, said, answered=answered)  # else the answer that is owed will say it all
    return None


def stale(row: Sku, said: orders_v1.StockAnswer) -> bool:
    """Whether the answer is of an attempt that was given back, or not newer than the last one taken."""
    if said["attempt"] <= row["closed"]:
        return True
    owed = answers(row, said["attempt"])
    return said["version"] < row["version"] or (said["version"] == row["version"] and not owed)


def take(book: Book, row: Sku, said: orders_v1.StockAnswer, *, answered: bool) -> None:
    """Move the lines to where their stock is, and go on.

    row  the SKU as it was before the answer: with what is owed to it
    """
    told = {stock["line"]: stock for stock in said["lines"]}
    names = row["lines"] if answered else list(told)
    lines = [line for line in (line_of(book.rows, name) for name in names) if line is not None and not line["problem"]]
    later, surplus = [], []
    for line in lines:
        name = line["line"]
        stock = told.get(name) or orders_v1.line_stock(line=name, reserved=0)
        excess = min(row["owed"].get(name, 0), max(0, total(stock) - open_of(line))) if answered else 0
        if excess:
            surplus.append(orders_v1.line_quantity(line=name, sku=row["sku"], quantity=excess))
        given = excess or unseen(book, row["sku"], name)
        later.append(settled(line, stock, answered=answered, given=given))
    if surplus:
        give_part(book, row, surplus, "cancelled")
    book.change(later, "stock")
    go_on(book, [line["line"] for line in later])


def total(stock: orders_v1.LineStock) -> int:
    """What the SKU holds and queues for a line."""
    return stock["reserved"] + stock["allocated"] + stock["waiting"]


def unseen(book: Book, sku: str, line: str) -> int:
    """What was given back of the line and is still counted in the answer that was just noted."""
    row = sku_of(book.rows, sku)
    return row["given"].get(line, 0) if row else 0


def settled(line: Line, told: orders_v1.LineStock, *, answered: bool, given: int) -> Line:
    """A line after its SKU's answer.

    answered  the SKU owed it: what was pending is decided now, and what is neither held nor queued is rejected
    given     units in this answer that are given back: taken from the queue first, as the SKU does
    """
    unqueued = min(given, told["waiting"])
    held = told["reserved"] + told["allocated"] - (given - unqueued)
    wanted = line["backordered"] + (line["pending"] if answered else 0)
    waiting = min(wanted, told["waiting"] - unqueued)
    rejected = 0
    if answered:
        first = not line["reserved"] + line["released"] + line["shipped"]
        missing = open_of(line) - held - waiting if first else told["missing"]
        rejected = min(wanted - waiting, max(0, missing))
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
