"""A hold lives longer, or it ends: given back, expired, or taken over by an order.

What became of the stock decides how a reservation ended: that an order took it over is stated whatever was stated before.
"""

from __future__ import annotations

from schemas.generated import orders_v1
from streams.orders.carts_book import ASK_AGAIN_MS, CAP_S, FORGET_MS, GRACE_MS, CartBook
from tables.orders.carts import owes_time, skus_of

ENDED = ("refused", "released", "expired", "taken")


def extend(book: CartBook, command: orders_v1.ExtendCart) -> None:
    """cart.extend: ask the SKUs to hold until so long from now; what is over is not revived."""
    cart = book.cart
    if cart["step"] != "held":
        return book.unchanged({"": "unknown", "asking": "undecided"}.get(cart["step"], cart["step"]))
    if (cart["expires_at"] or 0) <= book.now:
        return book.unchanged("expired")
    latest = cart["opened_at"] + CAP_S * 1_000 - GRACE_MS  # what every SKU grants, though its clock may differ a little
    book.emit("cart.extension.asked", expires_at=min(book.now + command["expires_in"] * 1_000, latest))
    return _ask_for_time(book)


def _ask_for_time(book: CartBook) -> None:
    cart = book.cart
    if not cart["extending"] or cart["wanted"] is None:
        return extended(book)
    for row in [row for row in skus_of(book.rows) if owes_time(row, cart["wanted"])]:
        book.extend(row, cart["wanted"])
    return book.due("ask", book.now + ASK_AGAIN_MS)


def extended(book: CartBook) -> None:
    """All SKUs hold until the new time."""
    until = book.cart["wanted"] or 0
    book.not_due(["ask"])
    book.emit("cart.extended", expires_at=until)
    book.due("expiry", until + GRACE_MS)


def release(book: CartBook, command: orders_v1.ReleaseCart) -> None:
    """cart.release: give the hold back, also one that is still being asked for."""
    cart = book.cart
    if not cart["step"] or cart["step"] in ENDED:
        return book.unchanged(cart["step"] or "unknown")
    book.emit("cart.released", reason=command["reason"])
    return over(book, "cart_released")


def expired(book: CartBook) -> None:
    """The time is over: also what a SKU was just asked to hold for longer is given back."""
    book.emit("cart.expired")
    over(book, "cart_expired")


def taken(book: CartBook, order_id: str) -> None:
    """An order took stock over. What it has not taken yet, or does not want, is held for it until the time is over."""
    if book.cart["step"] == "taken":
        return
    book.emit("cart.taken", order_id=order_id)
    _forgotten_later(book)


def over(book: CartBook, reason: str) -> None:
    """Nothing is to be held any more."""
    book.give_back(reason)
    _forgotten_later(book)


def _forgotten_later(book: CartBook) -> None:
    book.not_due(["ask", "expiry"])
    book.due("forget", book.now + FORGET_MS)


def due(book: CartBook, said: orders_v1.CartDue) -> None:
    """cart.due: ask again who has not answered, state an end that nobody told, or drop the rows."""
    cart, step = book.cart, said["step"]
    if step == "forget" and cart["step"] in ENDED:
        book.emit("cart.forgotten")
    elif step == "expiry" and cart["step"] in ("asking", "held"):
        _late(book)
    elif step == "ask" and (cart["step"] == "asking" or cart["wanted"] is not None):
        _ask_again(book)
    else:
        book.ignore("it was done in time")


def _late(book: CartBook) -> None:
    until = (book.cart["expires_at"] or 0) + GRACE_MS
    if until > book.now:
        book.due("expiry", until)
        book.ignore("its time is not over yet")
    else:
        expired(book)


def _ask_again(book: CartBook) -> None:
    """The same again: whoever answered before answers the same."""
    cart = book.cart
    book.ignore("a SKU has not answered: it is asked again")
    if cart["wanted"] is not None:
        return expired(book) if cart["wanted"] <= book.now else _ask_for_time(book)
    for row in [row for row in skus_of(book.rows) if row["state"] == "asked"]:
        book.reserve(row)
    return book.due("ask", book.now + ASK_AGAIN_MS)
