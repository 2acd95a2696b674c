"""What left, what arrived, what was billed: each event counted once on the order's lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from schemas.generated import inventory_v1, orders_v1
from streams.orders import cancelling
from streams.orders.book import Book
from streams.orders.stock import want
from tables.orders.quantities import SHIPPED_FIRST, active_of, changed, moved
from tables.orders.rows import Line, event_name, line_of, lines_of, quantities, shipment_of, sku_of

TROUBLE = {"lost": "lost", "damaged": "damaged", "delayed": "carrier_delay", "refused": "failed_fulfilment"}
ASKED_FOR: tuple[Literal["backordered"], Literal["pending"]] = ("backordered", "pending")  # left before it was held
ARRIVED = ("delivered", "delivered_partial")


def dispatched(book: Book, said: orders_v1.ShipmentFact) -> None:
    """order.shipment-fact: count it; more than was released is accepted, and visible."""
    if _counted(book, "dispatch", said["event_id"]):
        return
    fields = ("shipment", "event_id", "at", "carrier", "tracking", "location", "lines", "short")
    book.emit("order.shipment.counted", **_picked(said, fields))
    left, moves, early = quantities(said["lines"]), [], {}
    for name, quantity in left.items():
        line = line_of(book.rows, name)
        later, gone = moved(line, quantity, SHIPPED_FIRST, "shipped") if line else (None, 0)
        if line is not None and later is not None:
            moves.append(later)
            early[name] = sum(line[place] - later[place] for place in ASKED_FOR)
        _doubt(book, name, line, later, quantity - gone)
    book.change(moves, "shipped")
    cancelling.less(book, {name: units for name, units in early.items() if units}, "shipped")
    _short(book, quantities(said["short"]))


def _doubt(book: Book, name: str, line: Line | None, later: Line | None, over: int) -> None:
    if line is None or later is None:
        book.trouble(
            "failed_fulfilment", cause="warehouse", detail=f"{over} shipped of a line that the order has not", line=name
        )
    elif over:
        book.trouble(
            "failed_fulfilment",
            cause="warehouse",
            detail=f"{over} shipped beyond the {line['ordered']} ordered",
            line=name,
        )
    elif later["cancelled"] + later["rejected"] < line["cancelled"] + line["rejected"]:
        book.trouble("failed_fulfilment", cause="warehouse", detail="shipped though cancelled", line=name)


def _short(book: Book, missing: dict[str, int]) -> None:
    """A short pick: what the warehouse could not find goes back to backorder and is asked for anew."""
    wanted = []
    for name, quantity in missing.items():
        line = line_of(book.rows, name)
        if line is None:
            continue
        later, gone = moved(line, quantity, ("released", "reserved"), "backordered")
        book.change([later], "short_pick")
        book.trouble("failed_fulfilment", cause="warehouse", detail=f"{quantity} not found", line=name)
        if gone:
            _give_up(book, line, gone)
            wanted.append(orders_v1.line_quantity(line=name, sku=line["sku"], quantity=gone))
    if wanted:
        want(book, wanted)


def _give_up(book: Book, line: Line, quantity: int) -> None:
    row = sku_of(book.rows, line["sku"])
    part = inventory_v1.release_line(line=line["line"], quantity=quantity)
    book.tell("stock.release", line["sku"], inventory_v1.release(
        sku=line["sku"], holder=book.order_id, attempt=row["attempt"] if row else 0, lines=[part], reason="short_pick"
    ))  # fmt: skip


def milestone(book: Book, said: orders_v1.MilestoneFact) -> None:
    """order.milestone-fact: count what arrived or came back; a late one is kept and moves nothing."""
    if _counted(book, "milestone", said["event_id"]):
        return
    code = said["code"]
    part = "delivered" if code in ARRIVED else code if code == "returned" else ""
    lines = [] if said["late"] or not part else said["lines"] or _all_of(book, said, part)
    fields = ("shipment", "event_id", "code", "at", "known_at", "late", "tracking")
    book.emit("order.milestone.counted", lines=lines, **_picked(said, fields))
    book.change(_parts(book, lines, part), code)
    if not said["late"]:
        if code in TROUBLE:
            book.trouble(TROUBLE[code], cause="carrier", detail=f"shipment {said['shipment']} {code}")
        elif code == "delivered":
            book.relief("carrier_delay", "delivered")
            book.relief("lost", "delivered")


def _all_of(book: Book, said: orders_v1.MilestoneFact, part: str) -> list[orders_v1.LineQuantity]:
    """All of the shipment that has not arrived or come back yet; a part that is not named is not guessed."""
    row = shipment_of(book.rows, said["shipment"])
    if row is None or said["code"] == "delivered_partial":
        return []
    done = row["delivered"] if part == "delivered" else row["returned"]
    left = {line: quantity - done.get(line, 0) for line, quantity in sorted(row["shipped"].items())}
    return [orders_v1.line_quantity(line=line, quantity=quantity) for line, quantity in left.items() if quantity > 0]


def _parts(book: Book, lines: Iterable[orders_v1.LineQuantity], part: str) -> list[Line]:
    found = []
    for name, quantity in quantities(lines).items():
        line = line_of(book.rows, name)
        if line is not None:
            before = line["delivered"] if part == "delivered" else line["returned"]
            found.append(changed(line, **{part: min(line["shipped"], before + quantity)}))
    return found


def invoiced(book: Book, said: orders_v1.InvoiceFact) -> None:
    """order.invoice-fact: count what was billed; one that names no lines bills all of the order."""
    if _counted(book, "invoice", said["event_id"]):
        return
    billed = said["kind"] == "posted"
    lines = said["lines"] if said["lines"] or not billed else _whole(book)
    book.emit("order.invoice.counted", kind=said["kind"], invoice=said["number"], event_id=said["event_id"], at=said["at"],
              currency=said["currency"], total=said["total"], lines=lines)  # fmt: skip
    if billed:
        found = [(line, quantity) for name, quantity in quantities(lines).items() if (line := line_of(book.rows, name))]
        book.change([changed(line, billed=line["billed"] + quantity) for line, quantity in found], "invoiced")


def _whole(book: Book) -> list[orders_v1.InvoiceLine]:
    left = [(line["line"], active_of(line) - line["billed"]) for line in lines_of(book.rows)]
    return [orders_v1.invoice_line(line=line, quantity=quantity) for line, quantity in left if quantity > 0]


def _picked(said: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    return {name: said[name] for name in fields}


def _counted(book: Book, kind: str, event_id: str) -> bool:
    """Whether the event was counted before; then nothing else happens."""
    known = book.rows.get(event_name(kind, event_id)) is not None
    if known:
        book.ignore("counted before")
    return known
