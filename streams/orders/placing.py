"""An order is placed, or comes again, or is read again."""

from __future__ import annotations

from schemas.generated import orders_v1
from streams.orders import cancelling, changing, claiming, ending, reserving
from streams.orders.book import Book
from streams.orders.stock import demand, want
from tables.orders.rows import Line, event_name, line_of

REFUSED = ("account_blocked",)  # an order with such a problem is no order
CHANGES = ("change", "replace")  # purposes that say themselves that the content is another one


def place(book: Book, command: orders_v1.PlaceOrder) -> None:
    """order.place: a new order, or the same one again."""
    content = command["content"]
    if book.placed:
        return again(book, content)
    receipt = book.message.envelope.receipt.partition("/")[0]
    book.emit("order.created", number=content["number"], channel=content["channel"], content=content, personal=command["personal"],
              personal_key=command["personal_key"], received_at=book.now, document=receipt)  # fmt: skip
    lines = [fresh(line) for line in content["lines"]]
    book.change(lines, "placed")
    claiming.claim(book, content, lines)
    if refusal := problem_of(content):
        return ending.reject(book, refusal)
    park(book, content["lines"])
    cancelling.take_up(book)
    if not book.order["outcome"]:
        reserving.start(book)
    return None


def problem_of(content: orders_v1.OrderContent) -> str:
    """Why the order as a whole is refused, or nothing."""
    problems = [content["problem"], *(line["problem"] for line in content["lines"])]
    return next((problem for problem in problems if problem in REFUSED), "")


def fresh(line: orders_v1.OrderLine) -> Line:
    """A line as it was ordered: all of it is pending."""
    return orders_v1.line_state(line=line["line"], sku=line["sku"], ordered=line["quantity"], pending=line["quantity"],
                                base_unit=line["base_unit"], problem=line["problem"], price=line["price"],
                                components=line["components"])  # fmt: skip


def park(book: Book, lines: list[orders_v1.OrderLine]) -> None:
    """Lines with a problem wait for a person; the others do not wait for them."""
    for line in lines:
        if line["problem"]:
            book.trouble(line["problem"], cause="payload", detail=line["detail"], line=line["line"])


def again(book: Book, content: orders_v1.OrderContent) -> None:
    """The series is known: an identical resend changes nothing, another content is a suspect or a change."""
    order, kind = book.order, "identical"
    if book.rows.get(event_name("content", content["fingerprint"])) is None:
        meant = content["purpose"] in CHANGES or content["policy"]["changed_resend"] == "change"
        kind = "change" if meant and not order["outcome"] else "suspect"
    book.emit("order.repeated", kind=kind, fingerprint=content["fingerprint"], interchange=content["interchange"])
    if kind == "suspect":
        book.trouble(
            "duplicate_suspect",
            cause="partner",
            detail=f"other content under the same number: {content['fingerprint']}",
        )
    elif kind == "change":
        changing.change(book, content)


def resolve(book: Book, command: orders_v1.ResolveOrder) -> None:
    """order.resolve: only parked lines are taken; what can be read now is reserved."""
    content = command["content"]
    if not book.placed:
        return place(book, orders_v1.place_order(order_id=book.order_id, content=content))
    parked = [(line, own) for line in content["lines"] if (own := line_of(book.rows, line["line"])) and own["problem"]]
    solved = [(line, own) for line, own in parked if not line["problem"]]
    if not solved:
        book.emit(
            "order.repeated", kind="identical", fingerprint=content["fingerprint"], interchange=content["interchange"]
        )
    for line, own in parked:
        if line["problem"] != own["problem"]:
            book.relief(own["problem"], "resolved", line=line["line"], actor=command["actor"])
    stuck = [(line, own) for line, own in parked if line["problem"]]
    readable = [taken_over(own, line) for line, own in solved]
    book.change(readable + [{**own, "problem": line["problem"]} for line, own in stuck], "resolved")
    if readable:
        claiming.claim_lines(book, readable)
    park(book, [line for line, _ in stuck])
    return _ask_for(book, [line["line"] for line, _ in solved])


def taken_over(own: Line, line: orders_v1.OrderLine) -> Line:
    """A parked line as it reads now; what was cancelled of it meanwhile stays cancelled."""
    elsewhere = own["ordered"] - own["pending"]
    pending = max(0, line["quantity"] - elsewhere)
    return {**own, "sku": line["sku"], "base_unit": line["base_unit"], "price": line["price"], "problem": "",
            "components": line["components"],
            "ordered": elsewhere + pending, "pending": pending}  # fmt: skip


def _ask_for(book: Book, names: list[str]) -> None:
    order = book.order
    if not names or order["outcome"]:
        return
    if order["policy"]["ship_complete"]:
        if order["step"] == "parked":
            reserving.start(book)
    elif wanted := demand(book, names):
        want(book, wanted)
