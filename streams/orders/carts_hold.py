"""A cart asks for stock, its SKUs answer, and when all have answered it is decided."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.generated import orders_v1
from schemas.generated.state_orders_v1 import CartSku
from streams.orders import carts_end
from streams.orders.carts_book import ASK_AGAIN_MS, ATTEMPT, CAP_S, GRACE_MS, CartBook
from tables.orders.carts import held, sku_of, skus_of


def hold(book: CartBook, command: orders_v1.HoldCart) -> None:
    """cart.hold: ask all SKUs at once, each for all its lines together; the same request again changes nothing."""
    cart, document = book.cart, book.message.envelope.receipt.partition("/")[0]
    if cart["step"]:
        return book.unchanged("repeated" if document == cart["document"] else "other_content")
    expires_at = book.now + min(command["expires_in"], CAP_S) * 1_000
    book.emit("cart.opened", channel=command["channel"], cart=command["cart"], at=book.now, document=document,
              lines=command["lines"], allow_partial=command["allow_partial"], expires_at=expires_at)  # fmt: skip
    for row in list(skus_of(book.rows)):
        book.reserve(row)
    book.due("ask", book.now + ASK_AGAIN_MS)
    return book.due("expiry", expires_at + GRACE_MS)


def answered(book: CartBook, said: orders_v1.CartStockAnswer) -> None:
    """cart.stock-answer: absolute and versioned; an older one changes nothing."""
    row = sku_of(book.rows, said["sku"])
    if row is None or said["attempt"] != ATTEMPT or _stale(row, said):
        return book.ignore("an answer older than what is known")
    closed = said["state"] == "closed"
    book.emit("cart.stock.noted", sku=said["sku"], version=said["version"], state=said["state"],
              lines=[] if closed else said["lines"], expires_at=said["expires_at"], available=said["available"],
              taken_by=said["taken_by"])  # fmt: skip
    return _follow(book, said, lost=closed and held(row) > 0)


def _stale(row: CartSku, said: orders_v1.CartStockAnswer) -> bool:
    if row["state"] == "asked":
        return False
    return said["version"] <= row["version"]


def _follow(book: CartBook, said: orders_v1.CartStockAnswer, *, lost: bool) -> None:
    """What an answer leads to, by where the reservation stands.

    lost  the SKU had held something, and the time was over there
    """
    cart = book.cart
    if said["taken_by"]:
        carts_end.taken(book, said["taken_by"])
    elif cart["step"] == "asking" and not cart["awaiting"]:
        judge(book)
    elif cart["step"] == "held" and lost:
        carts_end.expired(book)
    elif cart["step"] == "held" and cart["wanted"] is not None and not cart["extending"]:
        carts_end.extended(book)


def judge(book: CartBook) -> None:
    """All SKUs have answered: the cart holds all of it, or what is there where that is enough for it, or nothing."""
    cart, lines = book.cart, list(_lines(book))
    book.not_due(["ask"])
    whole = not any(line["missing"] for line in lines)
    some = cart["allow_partial"] and any(line["reserved"] for line in lines)
    if whole or some:
        times = [row["expires_at"] for row in skus_of(book.rows) if held(row)]
        expires_at = min([time for time in times if time is not None], default=cart["expires_at"])
        return book.emit("cart.held", expires_at=expires_at, lines=lines)
    freed = {row["sku"]: held(row) for row in skus_of(book.rows)}
    book.emit("cart.refused", lines=[_given_back(line, freed[line["sku"]]) for line in lines])
    return carts_end.over(book, "insufficient")


def _lines(book: CartBook) -> Iterator[orders_v1.CartLineState]:
    """What each line has; a line that its SKU does not name has nothing."""
    for row in skus_of(book.rows):
        told = {stock["line"]: stock for stock in row["stocks"]}
        for line in row["lines"]:
            stock = told.get(line["line"]) or orders_v1.line_stock(line=line["line"], reserved=0)
            reserved = stock["reserved"] + stock["allocated"]
            yield orders_v1.cart_line_state(
                **line, reserved=reserved, missing=line["quantity"] - reserved, available=row["available"],
                allocations=stock["allocations"],
            )  # fmt: skip


def _given_back(line: orders_v1.CartLineState, freed: int) -> orders_v1.CartLineState:
    """A line of a refused cart: nothing is held for it; missing stays what could not be had."""
    return {**line, "reserved": 0, "available": line["available"] + freed, "allocations": []}
