"""What SKUs answer, line by line, and what follows when the last one has answered."""

from __future__ import annotations

from typing import NamedTuple

from schemas.generated import orders_v1
from streams.orders import accepting, complete, ending, posting, releasing
from streams.orders.book import Book
from streams.orders.stock import asked_of, demand, give_part, later_of, want
from tables.orders.quantities import changed
from tables.orders.rows import Line, Sku, left_of, line_of, lines_of, sku_of
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
    told, left = {stock["line"]: stock for stock in said["lines"]}, left_of(book.rows)
    names = row["lines"] if answered else list(told)
    lines = [line for line in (line_of(book.rows, name) for name in names) if line is not None and not line["problem"]]
    moves = [placed(line, row, told.get(line["line"]), left.get(line["line"], 0), answered=answered) for line in lines]
    book.change([move.line for move in moves], "stock")
    surplus = _quantities(row, {move.line["line"]: move.surplus for move in moves if answered})
    if surplus:
        give_part(book, {**row, "more": {move.line["line"]: move.more for move in moves}}, surplus, "cancelled")
    more = _quantities(row, {move.line["line"]: move.more for move in moves})
    if more:
        want(book, more)
    go_on(book, [move.line["line"] for move in moves])


def _quantities(row: Sku, units: dict[str, int]) -> list[orders_v1.LineQuantity]:
    return [
        orders_v1.line_quantity(line=line, sku=row["sku"], quantity=count) for line, count in units.items() if count
    ]


class Move(NamedTuple):
    """A line after its SKU's answer, what of it is given back now and what is asked for now."""

    line: Line
    surplus: int = 0
    more: int = 0


def placed(line: Line, row: Sku, told: orders_v1.LineStock | None, left: int, *, answered: bool) -> Move:
    """Where a line's units are by what its SKU has of it.

    left  units that left by what the order has heard

    Shipments reach the order and the SKU each in its own time. So all is compared with shipped units included: what the
    SKU holds, queues and shipped, with what the order asked of it and what left. What the SKU has beyond that is, or will
    be, given back, from its queue first. What is neither held nor queued is rejected, when it was asked for.
    """
    stock = told or orders_v1.line_stock(line=line["line"], reserved=0, shipped=left)
    later, held = later_of(line, row), stock["reserved"] + stock["allocated"]
    surplus = max(0, held + stock["waiting"] + stock["shipped"] - asked_of(line, row) - left)
    queued = max(0, stock["waiting"] - surplus)
    ours = held + stock["shipped"] - left - (surplus - (stock["waiting"] - queued))
    wanted = line["pending"] + line["backordered"] + line["reserved"] - later
    missing = max(0, wanted - max(0, ours - line["released"]))
    waiting = min(missing, queued)
    rejected = missing - waiting if answered else 0
    moved = changed(line, pending=later, backordered=waiting, rejected=line["rejected"] + rejected,
                    reserved=wanted - waiting - rejected)  # fmt: skip
    return Move(moved, surplus, later)


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
