"""A changed resend, applied line by line: more is reserved in addition, less is given back."""

from __future__ import annotations

from schemas.generated import orders_v1
from streams.orders import cancelling, claiming, complete, ending, placing, reserving
from streams.orders.book import Book
from streams.orders.stock import want
from tables.orders.quantities import active_of, changed, open_of, shrunk
from tables.orders.rows import Line, lines_of


def change(book: Book, content: orders_v1.OrderContent) -> None:
    """Take the newer content over; a line that it does not name is wanted no more."""
    before = {line["line"]: line for line in lines_of(book.rows)}
    named = {line["line"]: line for line in content["lines"]}
    after = [_revised(line, named.get(name)) for name, line in before.items()]
    added = [line for name, line in named.items() if name not in before]
    lines = [line for line in after if line != before[line["line"]]] + [placing.fresh(line) for line in added]
    freed, more = _differences(before, lines)
    dropped = [line for line in lines if line["problem"] and line["line"] in before and not open_of(line)]
    ending.unpark(book, dropped, "changed")
    book.emit("order.changed", revision=book.order["revision"] + 1, lines=lines, content=content)
    book.change([ending.without_problem(line) if line in dropped else line for line in lines], "changed")
    placing.park(book, added)
    claiming.claim_lines(book, lines)
    _doubts(book, named, before)
    if open_of(book.order["sums"]):
        return _follow(book, freed, more)
    if active_of(book.order["sums"]) == 0:
        book.emit("order.cancelled", reason="changed", whole=True, cancel_id=f"revision {book.order['revision']}")
    return cancelling.over(book, changed=bool(freed))


def _revised(line: Line, wanted: orders_v1.OrderLine | None) -> Line:
    """The line with its new quantity, never below what is shipped; the sender's newest word includes his cancels."""
    if wanted is not None and (wanted["sku"] != line["sku"] or line["problem"]):
        return line  # another product under the same line, or a parked one, is for a person
    difference = (wanted["quantity"] if wanted else 0) - (line["ordered"] - line["cancelled"])
    if difference < 0:
        return shrunk(line, -difference)[0]
    price = wanted["price"] if wanted else line["price"]
    return {**changed(line, ordered=line["ordered"] + difference, pending=line["pending"] + difference), "price": price}


def _differences(before: dict[str, Line], lines: list[Line]) -> tuple[dict[str, int], list[orders_v1.LineQuantity]]:
    """What is to be given back, and what is to be reserved in addition, by line."""
    freed, more = {}, []
    for line in lines:
        old = before.get(line["line"])
        difference = open_of(line) - (open_of(old) if old else 0)
        if difference < 0:
            freed[line["line"]] = -difference
        elif difference > 0 and not line["problem"]:
            more.append(orders_v1.line_quantity(line=line["line"], sku=line["sku"], quantity=difference))
    return freed, more


def _doubts(book: Book, named: dict[str, orders_v1.OrderLine], before: dict[str, Line]) -> None:
    """What of the change is not applied, each with its exception."""
    for name, wanted in named.items():
        own = before.get(name)
        if own is not None and wanted["sku"] != own["sku"]:
            book.trouble(
                "item_conflict", cause="partner", detail=f"ordered as {own['sku']}, now {wanted['sku']}", line=name
            )
        elif own is not None and wanted["quantity"] < own["shipped"]:
            detail = f"wanted {wanted['quantity']}, shipped {own['shipped']}"
            book.trouble("document_rejected", cause="partner", detail=detail, line=name)


def _follow(book: Book, freed: dict[str, int], more: list[orders_v1.LineQuantity]) -> None:
    """Ask and give back by the difference only; a ship-complete order that has not begun to leave starts anew."""
    order = book.order
    sums = order["sums"]
    if order["policy"]["ship_complete"] and more and not sums["released"] + sums["shipped"]:
        return reserving.start(book) if order["step"] == "parked" else complete.reopen(book)
    if more:
        want(book, more)
    return cancelling.rest(book, freed, "changed")
