"""What happens to a SKU: one command, decided against its whole position by its one owner.

Cost per command: O(lines of the command + ledger rows of its holder + channels x locations). Totals per location stand
in the SKU's row, so that nothing looks at other holders' rows, however many there are. Two commands cost more: a count
looks at the movements since the last one (at most 512), and new supply that serves somebody walks the queue to them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from schemas.generated import inventory_v1 as inventory
from schemas.generated import state_inventory_v1 as state
from schemas.generated.state_inventory_v1 import Sku
from streams.engine.effects import Effects, Message
from streams.inventory.allocate import allocate
from streams.inventory.announce import announce
from streams.inventory.book import Book
from streams.inventory.bundles import offer_bundle, tell_bundles, watch
from streams.inventory.extend import extend
from streams.inventory.queue import answer_wake, end_wake, fill, wake_overdue
from streams.inventory.reconcile import correct, drift_due, reconcile
from streams.inventory.release import expire, release
from streams.inventory.report import report
from streams.inventory.reserve import reserve
from streams.inventory.rules import set_rules
from streams.inventory.ship import ship
from streams.inventory.thresholds import cross
from streams.inventory.transfer import transfer
from tables.inventory import names
from tables.inventory.availability import availability, rose, visible
from tables.inventory.position import short
from tables.rows import Rows


def decide(message: Message, rows: Rows) -> Effects:
    """All that follows from one command; raises KeyError for a type that is not its business."""
    book = Book(message, rows)
    before = book.sku if book.rows.get(names.SKU) else None
    COMMANDS[message.type](book, message.record)
    reconcile(book, before)
    _settle(book, before, rows)
    return book.effects()


def _go_on(book: Book, command: Mapping[str, Any]) -> None:
    """More of the queue can be served than one command may serve; settling does it."""


COMMANDS: dict[str, Callable[[Book, Any], None]] = {
    "stock.report": report,
    "stock.set-rules": set_rules,
    "stock.reserve": reserve,
    "stock.release": release,
    "stock.expire": expire,
    "stock.allocate": allocate,
    "stock.ship": ship,
    "stock.transfer": transfer,
    "stock.extend": extend,
    "stock.announce-supply": announce,
    "stock.wake-answer": answer_wake,
    "stock.wake-overdue": wake_overdue,
    "stock.fill-waiting": _go_on,
    "stock.correct-drift": correct,
    "stock.drift-due": drift_due,
    "stock.watch": watch,
    "stock.offer-bundle": offer_bundle,
}
# after these the queue is looked at even where nobody can buy more than before
OF_THE_QUEUE = frozenset({"stock.wake-answer", "stock.wake-overdue", "stock.fill-waiting"})


def _settle(book: Book, before: Sku | None, rows: Rows) -> None:
    """Say what is short, serve those who wait, tell readers what they can see."""
    _shortfalls(book, before)
    woken = book.sku["woken"]
    end_wake(book)
    shown = availability(book.code, before or state.sku(), rows)
    moved_on = woken != book.sku["woken"] or _of_the_queue(book.message)
    if book.sku["waiting"] and (moved_on or rose(shown, availability(book.code, book.sku))):
        fill(book)
    if not book.decided:
        book.ignored("nobody_waits")
    cross(book)
    now = availability(book.code, book.sku, book.rows)
    if before is None or visible(now) != visible(shown):
        book.fact("availability.changed", now)
        tell_bundles(book, now)


def _of_the_queue(message: Message) -> bool:
    whole = message.type == "stock.reserve" and message.record["mode"] == "whole" and message.record["wait"]
    return whole or message.type in OF_THE_QUEUE


def _shortfalls(book: Book, before: Sku | None) -> None:
    was = before["positions"] if before else {}
    command = book.message.record
    for location, position in sorted(book.sku["positions"].items()):
        old = short(was[location]) if location in was else 0
        if short(position) != old:
            record = inventory.shortfall_changed(
                **book.stamp(), location=location, short=short(position), before=old, cause=book.message.type,
                holder=command.get("holder", ""), line=command.get("line", ""),
            )  # fmt: skip
            book.fact("inventory.shortfall", record)
