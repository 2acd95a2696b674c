"""Asks SKUs for stock and gives it back; every ask has an attempt number, and giving all back closes the attempts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from schemas.generated import inventory_v1, orders_v1
from streams.orders.book import Book
from tables.orders.quantities import open_of
from tables.orders.rows import Line, Sku, left_of, line_of, quantities, sku_of, skus_of

Quantities = Sequence[orders_v1.LineQuantity]


def want(book: Book, lines: Quantities) -> None:
    """Ask all these SKUs at once for what is there; what is missing queues where the policy allows backorders.

    A SKU that owes an answer is asked afterwards: with one ask under way at a time, what it misses is exact.
    """
    busy = {line["sku"] for line in lines if _busy(book, line["sku"])}
    for sku in sorted(busy):
        book.emit("order.stock.deferred", sku=sku, lines=[line for line in lines if line["sku"] == sku])
    now = [line for line in lines if line["sku"] not in busy]
    if now:
        wait = book.order["policy"]["backorder"]
        ask(book, now, attempt=book.order["attempt"] + 1, step="reserve", mode="partial", wait=wait)


def _busy(book: Book, sku: str) -> bool:
    row = sku_of(book.rows, sku)
    return row is not None and row["state"] == "asked"


def ask(book: Book, lines: Quantities, *, attempt: int, step: str, mode: str, wait: bool, wake_id: str = "") -> None:
    """Ask the SKUs of these lines, one reserve per SKU with all its lines."""
    book.emit("order.stock.asked", attempt=attempt, step=step, mode=mode, wait=wait, wake_id=wake_id, lines=list(lines))
    for sku in sorted({line["sku"] for line in lines}):
        send(book, sku)
    if step == "queued":
        book.no_deadline("reserve")  # supply comes when it comes
    else:
        book.deadline("reserve", book.order["policy"]["reserve_deadline_s"], attempt)


def send(book: Book, sku: str) -> None:
    """Send a SKU its last ask, as it was: asking twice is asking once."""
    order, row = book.order, sku_of(book.rows, sku)
    if row is None:
        return
    lines = [inventory_v1.reserve_line(line=line["line"], quantity=line["quantity"]) for line in row["asked"]]
    book.tell("stock.reserve", sku, inventory_v1.reserve(
        sku=sku, holder=book.order_id, attempt=row["attempt"], channel=order["channel"], mode=row["mode"], wait=row["wait"],
        rank=order["policy"]["priority"], lines=lines, from_holder=order["reservation"], wake_id=row["wake_id"],
    ))  # fmt: skip


def give_back(book: Book, freed: Mapping[str, int], reason: str) -> None:
    """Give these quantities of lines back; a SKU that the order wants nothing more of is closed.

    A SKU that has not answered is told afterwards: of ten asked it may hold four, and six need not be given back then.
    """
    by_sku: dict[str, list[orders_v1.LineQuantity]] = {}
    for name, quantity in freed.items():
        line = line_of(book.rows, name)
        if line is not None and line["sku"] and quantity:
            by_sku.setdefault(line["sku"], []).append(
                orders_v1.line_quantity(line=name, sku=line["sku"], quantity=quantity)
            )
    for sku, lines in sorted(by_sku.items()):
        row = sku_of(book.rows, sku)
        if row is not None and row["state"] not in ("idle", "closed"):
            if not _wanted(book, row):
                close(book, row, reason)
            elif row["state"] == "asked":
                less = [{**line, "quantity": -line["quantity"]} for line in lines]
                book.emit("order.stock.deferred", sku=sku, lines=less)
            else:
                give_part(book, row, lines, reason)


def _wanted(book: Book, row: Sku) -> bool:
    lines = (line_of(book.rows, name) for name in row["lines"])
    return any(line is not None and open_of(line) for line in lines)


def give_part(book: Book, row: Sku, lines: list[orders_v1.LineQuantity], reason: str) -> None:
    """Give back what the SKU has beyond what is wanted of these lines.

    Said as what is wanted in all, shipped units included: so it is right whichever shipments the SKU has counted by then.
    """
    book.emit("order.stock.given_back", sku=row["sku"], attempt=row["attempt"], lines=lines)
    left, parts = left_of(book.rows), list[inventory_v1.ReleaseLine]()
    for name, quantity in quantities(lines).items():
        line = line_of(book.rows, name)
        keep = left.get(name, 0) + (asked_of(line, row) if line else 0)
        parts.append(inventory_v1.release_line(line=name, quantity=quantity, keep=keep))
    _release(book, row, parts, reason)


def later_of(line: Line, row: Sku) -> int:
    """Units of a line that its SKU is asked for once it has answered."""
    return min(max(0, row["more"].get(line["line"], 0)), line["pending"] + line["backordered"])


def asked_of(line: Line, row: Sku) -> int:
    """What the SKU is to hold or queue of a line."""
    return open_of(line) - later_of(line, row)


def close(book: Book, row: Sku, reason: str) -> None:
    """Give all of a SKU back, and whatever its attempts up to now may still be granted."""
    book.emit("order.stock.given_back", sku=row["sku"], attempt=row["attempt"], closed=True)
    _release(book, row, [], reason)


def close_all(book: Book, reason: str) -> None:
    """Give everything back."""
    for row in list(skus_of(book.rows)):
        if row["state"] not in ("idle", "closed"):
            close(book, row, reason)


def _release(book: Book, row: Sku, lines: list[inventory_v1.ReleaseLine], reason: str) -> None:
    record = inventory_v1.release(
        sku=row["sku"], holder=book.order_id, attempt=row["attempt"], lines=lines, reason=reason
    )
    book.tell("stock.release", row["sku"], record)


def demand(book: Book, names: Iterable[str]) -> list[orders_v1.LineQuantity]:
    """What these lines want that is neither held nor parked."""
    found = []
    for name in names:
        line = line_of(book.rows, name)
        if line is not None and line["sku"] and not line["problem"] and line["pending"] + line["backordered"]:
            quantity = line["pending"] + line["backordered"]
            found.append(orders_v1.line_quantity(line=name, sku=line["sku"], quantity=quantity))
    return found
