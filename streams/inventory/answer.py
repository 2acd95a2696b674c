"""What a holder hears: absolute and versioned, so that hearing it twice or late does no harm.

An order and a cart hear the same, each in its own words: a cart also, until when it is held, and which order has it now.
A bundle that holds for one of them hears all of it, and tells it in bundles.
"""

from __future__ import annotations

from typing import Any, TypedDict

from schemas.generated import bundles_v1
from schemas.generated import orders_v1 as orders
from schemas.generated.inventory_v1 import Reserve, Standing, StandingLine
from schemas.generated.orders_v1 import Allocation, LineStock
from schemas.generated.state_inventory_v1 import Hold
from schemas.identity import holder_and_bundle
from streams.engine.effects import Ask
from streams.inventory.book import Book
from streams.inventory.offer import Offer
from streams.inventory.standing import demand

STOCK_ANSWER, CART_ANSWER, BUNDLE_ANSWER = "order.stock-answer", "cart.stock-answer", "bundle.stock-answer"
CART = "cart"


class _Said(TypedDict):
    """What both kinds of holders hear."""

    sku: str
    attempt: int
    state: str
    version: int
    lines: list[LineStock]


def answer(book: Book, holder: str, taken_by: str = "") -> None:
    """Tell a holder what it has here. Cost: O(its lines, ledger rows and shipments).

    taken_by  the order that has taken a cart's stock over just now
    """
    standing, rows, left = book.standing(holder), book.holds(holder), book.shipped(holder)
    lines = [
        _line_stock(line, [row for row in rows if row["line"] == line["line"]], left.get(line["line"], 0))
        for line in standing["lines"]
    ]
    said: _Said = {
        "sku": book.code,
        "attempt": standing["attempt"],
        "state": standing["state"],
        "version": standing["version"],
        "lines": lines,
    }
    if bundle := holder_and_bundle(holder)[1]:
        _answer_bundle(book, bundle, standing, said, taken_by)
    elif standing["holder_kind"] == CART:
        available = Offer(book.sku, standing["channel"]).available
        record: Any = orders.cart_stock_answer(
            reservation=holder, expires_at=standing["expires_at"], available=available, taken_by=taken_by, **said
        )
        book.ask(Ask(CART_ANSWER, holder, record, channel=standing["channel"] or None))
    else:
        record = orders.stock_answer(order_id=holder, **said)
        book.ask(Ask(STOCK_ANSWER, holder, record, channel=standing["channel"] or None))


def answer_closed(book: Book, command: Reserve) -> None:
    """Tell who reserves for a closed or overtaken attempt that it gets nothing."""
    said: _Said = {
        "sku": book.code,
        "attempt": command["attempt"],
        "state": "closed",
        "version": book.standing(command["holder"])["version"],
        "lines": [orders.line_stock(line=line, reserved=0, missing=units) for line, units in demand(command).items()],
    }
    if bundle := holder_and_bundle(command["holder"])[1]:
        _answer_bundle(book, bundle, book.standing(command["holder"]), said)
    elif command["holder_kind"] == CART:
        book.ask(Ask(CART_ANSWER, command["holder"], orders.cart_stock_answer(reservation=command["holder"], **said)))
    else:
        book.ask(Ask(STOCK_ANSWER, command["holder"], orders.stock_answer(order_id=command["holder"], **said)))


def _answer_bundle(book: Book, bundle: str, standing: Standing, said: _Said, taken_by: str = "") -> None:
    """A component answers the bundle, which answers the order or cart."""
    record = bundles_v1.component_answer(
        sku=bundle, component=book.code, holder=holder_and_bundle(standing["holder"])[0], attempt=said["attempt"],
        state=said["state"], version=said["version"], lines=said["lines"], expires_at=standing["expires_at"],
        available=Offer(book.sku, standing["channel"]).available, taken_by=taken_by, seen=book.sku["seq"],
    )  # fmt: skip
    book.ask(Ask(BUNDLE_ANSWER, bundle, record, channel=standing["channel"] or None))


def _line_stock(line: StandingLine, rows: list[Hold], left: int) -> LineStock:
    return orders.line_stock(
        line=line["line"],
        reserved=sum(row["reserved"] for row in rows),
        allocated=sum(row["allocated"] for row in rows),
        waiting=line["waiting"],
        missing=line["missing"],
        shipped=left,
        allocations=[_allocation(row) for row in rows],
    )


def _allocation(row: Hold) -> Allocation:
    held = row["reserved"] + row["allocated"]
    return orders.allocation(location=row["location"], quantity=held, allocated=row["allocated"])
