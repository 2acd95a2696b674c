"""Reserved lines go to the warehouse: at once, or when somebody says so."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.generated import inventory_v1, orders_v1
from streams.orders.book import Book
from tables.orders.headline import holds_of
from tables.orders.quantities import moved
from tables.orders.rows import Header, Line, line_of, lines_of, sku_of


def commanded(book: Book) -> None:
    """order.release: from now on what is reserved is released."""
    book.step("go")
    release(book)


def may_release(order: Header) -> bool:
    """Whether the ERP has the order, nothing holds it back and its policy or a person lets it go."""
    return order["confirmed"] and not holds_of(order) and (order["go"] or order["policy"]["release"] == "at_once")


def release(book: Book, names: Iterable[str] | None = None) -> None:
    """Release what is reserved of these lines, of all where none are named."""
    if not may_release(book.order):
        return
    found = lines_of(book.rows) if names is None else (line_of(book.rows, name) for name in names)
    lines = [line for line in found if line is not None and line["reserved"]]
    if not lines:
        return
    told = [orders_v1.line_quantity(line=line["line"], sku=line["sku"], quantity=line["reserved"]) for line in lines]
    book.emit("order.released", lines=told)
    book.change([moved(line, line["reserved"], ("reserved",), "released")[0] for line in lines], "released")
    _allocate(book, lines)


def _allocate(book: Book, lines: list[Line]) -> None:
    by_sku: dict[str, list[inventory_v1.ReserveLine]] = {}
    for line in lines:
        by_sku.setdefault(line["sku"], []).append(
            inventory_v1.reserve_line(line=line["line"], quantity=line["reserved"])
        )
    for sku, wanted in sorted(by_sku.items()):
        row = sku_of(book.rows, sku)
        attempt = row["attempt"] if row else 0
        book.tell(
            "stock.allocate", sku, inventory_v1.allocate(sku=sku, holder=book.order_id, attempt=attempt, lines=wanted)
        )
