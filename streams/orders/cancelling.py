"""A cancel at any point: what has not left is given back, what has left is refused."""

from __future__ import annotations

from schemas.generated import orders_v1
from streams.orders import complete, ending, posting, reserving
from streams.orders.book import Book
from streams.orders.stock import close_all, give_back
from tables.orders.quantities import CANCELLED_FIRST, active_of, moved, open_of
from tables.orders.rows import Line, event_name, line_of, lines_of, pending_of

PARKED_FOR_S = 72 * 3_600  # a cancel without its order: three days, over a weekend
Quantities = list[orders_v1.LineQuantity]


def cancel_id(book: Book) -> str:
    """What a repeat of the same cancel has in common with it."""
    return book.message.envelope.receipt or book.message.envelope.id


def cancel(book: Book, command: orders_v1.CancelOrder) -> None:
    """order.cancel: of the whole order or of some lines; the same cancel again cancels nothing more."""
    if not book.placed:
        return park(book, command)
    return cut(book, command, cancel_id(book))


def cut(book: Book, command: orders_v1.CancelOrder, found: str) -> None:
    """Cancel what is open of what the command names."""
    if book.rows.get(event_name("cancel", found)) is not None:
        return book.emit(
            "order.cancelled", reason=command["reason"], whole=active_of(book.order["sums"]) == 0, cancel_id=found
        )
    touched, gone, refused, why = _cut(book, command["lines"])
    ending.unpark(book, [line for line in touched if line["problem"] and not open_of(line)], "cancelled")
    lines = [line if open_of(line) else ending.without_problem(line) for line in touched]
    book.change(lines, "cancelled")
    sums = book.order["sums"]
    whole = active_of(sums) == 0
    book.reason = command["reason"]
    book.emit("order.cancelled", reason=command["reason"], lines=gone, refused=refused, refused_reason=why, whole=whole,
              cancel_id=found)  # fmt: skip
    if open_of(sums) == 0:
        return over(book, changed=bool(gone))
    return rest(book, {line["line"]: line["quantity"] for line in gone}, "cancelled")


def _cut(book: Book, wanted: list[orders_v1.CancelLine]) -> tuple[list[Line], Quantities, Quantities, str]:
    """The lines after the cut, what was cancelled, what was refused and why."""
    touched, gone, refused, why = [], [], [], ""
    cuts = [(line["line"], line["quantity"]) for line in wanted] or [
        (line["line"], None) for line in lines_of(book.rows)
    ]
    for name, quantity in cuts:
        line = line_of(book.rows, name)
        if line is None:
            refused.append(orders_v1.line_quantity(line=name, quantity=quantity or 0))
            why = "unknown_line"
            continue
        asked = open_of(line) + line["shipped"] if quantity is None else max(0, quantity)
        later, cut = moved(line, asked, CANCELLED_FIRST, "cancelled")
        touched.append(later)
        if cut:
            gone.append(orders_v1.line_quantity(line=name, sku=line["sku"], quantity=cut))
        if asked > cut:
            refused.append(orders_v1.line_quantity(line=name, sku=line["sku"], quantity=asked - cut))
            why = why or ("shipped" if line["shipped"] else "nothing_left")
    return touched, gone, refused, why


def over(book: Book, *, changed: bool) -> None:
    """Nothing is open any more: no stock is held, nobody is waited for."""
    close_all(book, "cancelled")
    book.no_deadline("reserve")
    book.relief("failed_allocation", "cancelled")
    if active_of(book.order["sums"]) == 0:
        book.no_deadline("post")
        book.relief("document_overdue", "cancelled")
        return posting.withdraw(book)
    if book.order["step"] in complete.STEPS:
        book.step("settled")
    return posting.amend(book) if changed else None


def rest(book: Book, freed: dict[str, int], reason: str) -> None:
    """A part of the demand is gone: give its stock back, and go on with what is left."""
    order = book.order
    if not freed or not order["step"]:
        return  # not started yet: what is asked for later is asked for without it
    posted, whole = order["post_revision"], complete.undecided(book)
    if order["step"] == "parked":
        reserving.start(book)
    else:
        less(book, freed, reason)
    # answers that are still to come may change what is posted, but for all-or-nothing
    if book.order["post_revision"] == posted and (whole or not book.order["awaiting"]):
        posting.amend(book)


def less(book: Book, freed: dict[str, int], reason: str) -> None:
    """So much of what was asked for is not to be held: cancelled, or gone without it."""
    if freed and complete.undecided(book):
        complete.restart(book, reason)
    elif freed:
        give_back(book, freed, reason)
        reserving.go_on(book, [])


def park(book: Book, command: orders_v1.CancelOrder) -> None:
    """A cancel that is faster than its order waits for it, but not for ever."""
    parked_id = cancel_id(book)
    deadline = book.now + PARKED_FOR_S * 1_000
    book.emit("order.parked", parked_id=parked_id, reason=command["reason"], lines=command["lines"], deadline=deadline)
    book.deadline("pending", PARKED_FOR_S)


def take_up(book: Book) -> None:
    """The order has come: what waited for it is decided now."""
    waiting = list(pending_of(book.rows))
    for parked_id, row in waiting:
        book.emit("order.unparked", parked_id=parked_id, outcome="joined")
        cut(book, orders_v1.cancel_order(order_id=book.order_id, reason=row["reason"], lines=row["lines"]), parked_id)
    if waiting:
        book.no_deadline("pending")


def overdue(book: Book) -> None:
    """The order did not come in time: a person has to know."""
    expired = [parked_id for parked_id, row in pending_of(book.rows) if row["deadline"] <= book.now]
    for parked_id in expired:
        book.emit("order.unparked", parked_id=parked_id, outcome="overdue")
    if expired:
        book.trouble("document_overdue", cause="payload", detail="a cancel came, its order did not")
    else:
        book.ignore("nothing waits that long")
