"""What one command does to one reservation: a cart that holds stock for a while, and its own saga over its SKUs.

All SKUs are asked at once. When the last has answered the cart is held, or everything is given back. It ends by its time,
by its owner, or by an order that takes its stock over; each SKU's mailbox decides which of these came first there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from streams.engine.effects import Effects, Message
from streams.orders import carts_end, carts_hold
from streams.orders.carts_book import CartBook
from tables.rows import Rows

COMMANDS: Mapping[str, Callable[[CartBook, Any], None]] = MappingProxyType(
    {
        "cart.hold": carts_hold.hold,
        "cart.extend": carts_end.extend,
        "cart.release": carts_end.release,
        "cart.stock-answer": carts_hold.answered,
        "cart.due": carts_end.due,
    }
)


def decide(message: Message, rows: Rows) -> Effects:
    """The facts, asks and timers that follow from one command of a cart."""
    book = CartBook(message, rows)
    COMMANDS[message.type](book, message.record)
    return book.effects()
