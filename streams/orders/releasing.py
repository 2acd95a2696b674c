"""Reserved lines go to the warehouse: at once, or when somebody says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schemas.generated import inventory_v1, orders_v1
from streams.orders.book import Book
from tables.orders.headline import holds_of
from tables.orders.quantities import moved
from tables.orders.rows import Header, Line, line_of, lines_of, sku_of

Place = tuple[str, int]  # location, units


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
    stocks = _stocks(book, lines)
    parts = [part for line in lines for part in _parts(line, _places(line, stocks.get(line["line"])))]
    book.emit("order.released", lines=parts)
    book.change([moved(line, line["reserved"], ("reserved",), "released")[0] for line in lines], "released")
    _allocate(book, lines)


def _stocks(book: Book, lines: list[Line]) -> dict[str, orders_v1.LineStock]:
    """What inventory said of each line, each SKU's row read once: it holds all lines of its SKU."""
    rows = (sku_of(book.rows, sku) for sku in sorted({line["sku"] for line in lines}))
    return {stock["line"]: stock for row in rows if row for stock in row["stocks"]}


def _places(line: Line, stock: orders_v1.LineStock | None) -> Iterator[Place]:
    """Where the line's stock lies that is held and not with a warehouse yet, in the order in which it becomes firm.

    What was released a moment ago may not have become firm in the answer that is known: it goes first, and is passed over.
    """
    passed = max(0, line["released"] - stock["allocated"]) if stock else 0
    for held in stock["allocations"] if stock else ():
        units = held["quantity"] - held["allocated"]
        yield held["location"], max(0, units - passed)
        passed = max(0, passed - units)


def _parts(line: Line, places: Iterable[Place]) -> Iterator[orders_v1.ReleasedLine]:
    left = line["reserved"]
    for location, units in (*places, ("", left)):
        if part := min(left, units):
            yield orders_v1.released_line(line=line["line"], sku=line["sku"], quantity=part, location=location)
            left -= part


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
