"""Ship complete: all or nothing, and nothing is held while the order waits.

All SKUs are asked at once first. On any shortage everything is given back and the order queues, without a hold, at the
one SKU that was short. When supply wakes it there it asks its SKUs one after another in their order; on the first
shortage it gives back and queues at that SKU only. So two such orders can neither block each other nor chase each other.
"""

from __future__ import annotations

from schemas.generated import inventory_v1, orders_v1
from streams.orders import accepting, ending, posting, releasing
from streams.orders.book import Book
from streams.orders.stock import Quantities, ask, close_all, demand
from tables.orders.quantities import moved
from tables.orders.rows import lines_of, sku_of, skus_of

STEPS = ("reserve", "queued", "retry")


def undecided(book: Book) -> bool:
    """Whether a ship-complete order asks for all or nothing just now; what it wants in addition later is asked for in parts."""
    order = book.order
    if not order["policy"]["ship_complete"] or order["step"] != "reserve":
        return order["policy"]["ship_complete"] and order["step"] in STEPS
    return any(row["state"] == "asked" and row["mode"] == "whole" for row in skus_of(book.rows))


def start(book: Book, wanted: Quantities) -> None:
    """Ask all SKUs at once, each for all of its lines or nothing."""
    ask(book, wanted, attempt=book.order["attempt"] + 1, step="reserve", mode="whole", wait=False)


def answered(book: Book, said: orders_v1.StockAnswer, *, owed: bool) -> None:
    """One SKU has answered."""
    step, granted = book.order["step"], said["state"] == "granted"
    if step == "queued":
        if granted:  # supply was there already: what is held now is the first of the chain
            follow(book, attempt=book.order["attempt"], wake_id="")
    elif not owed:
        return
    elif not granted:
        shortage(book, said["sku"])
    elif step == "retry":
        ask_next(book, said["sku"])
    elif not book.order["awaiting"]:
        settle(book)


def shortage(book: Book, sku: str) -> None:
    """Give all back; queue the demand at this SKU, or refuse the order where its policy allows no waiting."""
    order = book.order
    decline(book, unless=sku)
    close_all(book, "shortage")
    book.relief("failed_allocation", "answered")
    if not order["accepted"] and not order["policy"]["backorder"]:
        return ending.reject(book, "out_of_stock")
    book.change(
        [moved(line, line["pending"], ("pending",), "backordered")[0] for line in lines_of(book.rows)], "shortage"
    )
    if not order["accepted"]:
        accepting.accept(book)
    row = sku_of(book.rows, sku)
    wanted = demand(book, row["lines"] if row else [])
    return ask(book, wanted, attempt=order["attempt"] + 1, step="queued", mode="whole", wait=True)


def decline(book: Book, unless: str) -> None:
    """The SKU that woke the order need not wait for it, where the order fails before it comes there."""
    order = book.order
    if order["wake_id"] and order["queued_at"] != unless:
        _answer_wake(book, order["queued_at"], order["wake_id"])


def woken(book: Book, said: orders_v1.StockWake) -> None:
    """order.stock-wake: supply came; ask from the first SKU on, or say that the stock is not wanted."""
    order = book.order
    if order["step"] == "queued" and order["queued_at"] == said["sku"] and not order["outcome"]:
        follow(book, attempt=order["attempt"] + 1, wake_id=said["wake_id"])
    elif order["step"] == "retry" and order["wake_id"] == said["wake_id"]:
        book.ignore("the order follows this wake already")
    else:
        _answer_wake(book, said["sku"], said["wake_id"])


def _answer_wake(book: Book, sku: str, wake_id: str) -> None:
    book.tell("stock.wake-answer", sku, inventory_v1.answer_wake(sku=sku, holder=book.order_id, wake_id=wake_id))


def restart(book: Book, reason: str) -> None:
    """The demand changed before all of it was held: give back and ask again, one SKU after another."""
    decline(book, unless="")
    close_all(book, reason)
    follow(book, attempt=book.order["attempt"] + 1, wake_id="")


def follow(book: Book, *, attempt: int, wake_id: str) -> None:
    """Begin the chain of SKUs, in their order."""
    chain = [row["sku"] for row in skus_of(book.rows) if demand(book, row["lines"])]
    book.step("chain", attempt=attempt, detail=wake_id, skus=chain)
    book.step("retry", attempt=attempt)
    _ask_from(book, chain[0] if chain else "")


def ask_next(book: Book, sku: str) -> None:
    """Go on with the SKU after this one."""
    row = sku_of(book.rows, sku)
    _ask_from(book, row["next"] if row else "")


def _ask_from(book: Book, sku: str) -> None:
    order, row = book.order, sku_of(book.rows, sku)
    if row is not None and row["state"] == "granted" and row["attempt"] == order["attempt"]:
        row = sku_of(book.rows, row["next"])  # the one that was granted while it queued
    if row is None:
        return settle(book)
    wake_id = order["wake_id"] if row["sku"] == order["queued_at"] else ""
    wanted = demand(book, row["lines"])
    return ask(book, wanted, attempt=order["attempt"], step="retry", mode="whole", wait=False, wake_id=wake_id)


def settle(book: Book) -> None:
    """Every SKU holds all of it: the order has its stock."""
    book.step("settled")
    book.no_deadline("reserve")
    book.relief("failed_allocation", "answered")
    lines = [line for line in lines_of(book.rows) if not line["problem"]]
    book.change(
        [
            moved(line, line["pending"] + line["backordered"], ("pending", "backordered"), "reserved")[0]
            for line in lines
        ],
        "stock",
    )
    if book.order["accepted"]:
        releasing.release(book)
    else:
        accepting.accept(book)


def reopen(book: Book) -> None:
    """Nothing has left yet and the demand grew: hold all of it or nothing, from the start."""
    lines = list(lines_of(book.rows))
    book.change([moved(line, line["reserved"], ("reserved",), "pending")[0] for line in lines], "reopened")
    restart(book, "changed")
    posting.amend(book)
