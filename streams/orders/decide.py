"""What one command does to one order, or to one cart: each key is one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from streams.engine.effects import Effects, Message
from streams.orders import (
    cancelling,
    carts,
    claiming,
    complete,
    deadlines,
    placing,
    posting,
    releasing,
    reserving,
    shipping,
)
from streams.orders.book import Book
from streams.orders.status import report
from tables.rows import Rows

COMMANDS: Mapping[str, Callable[[Book, Any], None]] = MappingProxyType(
    {
        "order.place": placing.place,
        "order.resolve": placing.resolve,
        "order.claim-answer": claiming.answered,
        "order.cancel": cancelling.cancel,
        "order.release": lambda book, command: releasing.commanded(book),
        "order.stock-answer": reserving.stock_answered,
        "order.stock-wake": complete.woken,
        "order.post-answer": posting.answered,
        "order.shipment-fact": shipping.dispatched,
        "order.milestone-fact": shipping.milestone,
        "order.invoice-fact": shipping.invoiced,
        "order.deadline": deadlines.reached,
    }
)


class UnknownCommand(ValueError):
    """A type that this mailbox does not take."""


def decide(message: Message, rows: Rows) -> Effects:
    """The facts, asks and timers that follow from one command; raises UnknownCommand for a type of another mailbox."""
    if message.type in carts.COMMANDS:
        return carts.decide(message, rows)
    command = COMMANDS.get(message.type)
    if command is None:
        raise UnknownCommand(f"orders take {', '.join((*COMMANDS, *carts.COMMANDS))}; this is {message.type}")
    book = Book(message, rows)
    command(book, message.record)
    report(book)
    return book.effects()
