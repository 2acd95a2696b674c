"""What one command does to one bundle: its recipe, what its components offer, and who holds it.

A bundle is asked for in the words of stock (reserve, release, allocate, ship, extend) and answers in them, so that an
order or cart need not know what it is made of; each component is asked for its part under the holder's name and the
bundle's. Components are asked one after another in the order of their SKUs, so that of two who want the last of several
components one always gets them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from streams.bundles import answers, giving, leaving, queue, recipe, reserve
from streams.bundles.book import Book
from streams.engine.effects import Effects, Message
from tables.rows import Rows

COMMANDS: Mapping[str, Callable[[Book, Any], None]] = MappingProxyType(
    {
        "bundle.set-recipe": recipe.set_recipe,
        "bundle.component-changed": recipe.component_changed,
        "bundle.reserve": reserve.reserve,
        "bundle.release": giving.release,
        "bundle.allocate": leaving.allocate,
        "bundle.ship": leaving.ship,
        "bundle.extend": giving.extend,
        "bundle.wake-answer": queue.wake_answered,
        "bundle.stock-answer": answers.answered,
        "bundle.due": reserve.due,
    }
)
SERVES = frozenset({"bundle.component-changed", "bundle.reserve", "bundle.stock-answer", "bundle.wake-answer"})


def decide(message: Message, rows: Rows) -> Effects:
    """The facts, asks and timers that follow from one command; raises KeyError for a type of another mailbox."""
    book = Book(message, rows)
    COMMANDS[message.type](book, message.record)
    if message.type in SERVES:
        queue.serve(book)
    return book.effects()
