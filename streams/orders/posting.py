"""The order goes to its ERP: once, and again as a newer revision where its content changed."""

from __future__ import annotations

from schemas.generated import erp_v1, orders_v1
from streams.orders import claiming, ending, releasing
from streams.orders.book import Book
from streams.orders.status import report
from tables.orders.quantities import active_of
from tables.orders.rows import lines_of

ASKED = ("queued", "posted")


def post(book: Book) -> None:
    """Have the order posted, all its lines that have a product."""
    order = book.order
    lines = [line for line in lines_of(book.rows) if line["sku"] and not line["problem"] and active_of(line)]
    posted = [erp_v1.post_line(line=line["line"], sku=line["sku"], quantity=active_of(line), unit=line["base_unit"], price=line["price"])
              for line in lines]  # fmt: skip
    revision = order["post_revision"] + 1
    book.step("post", attempt=revision)
    _tell(book, erp_v1.post_order(
        order_id=book.order_id, revision=revision, erp=order["policy"]["erp"], channel=order["channel"], number=order["number"],
        customer=order["customer"], currency=order["currency"], priority=order["policy"]["priority"], placed_at=order["placed_at"],
        lines=posted,
    ))  # fmt: skip
    book.deadline("post", order["policy"]["post_deadline_s"], revision)


def amend(book: Book) -> None:
    """Post the changed content, where the ERP knows the order or is about to."""
    if book.order["erp"] in ASKED and not book.order["outcome"]:
        post(book)


def withdraw(book: Book) -> None:
    """Have the order cancelled in the ERP, where it stands there or may stand there soon."""
    order = book.order
    if order["erp"] in ASKED:
        book.step("erp", detail="cancelling")
        _tell(book, erp_v1.post_order(
            order_id=book.order_id, revision=order["post_revision"], erp=order["policy"]["erp"], channel=order["channel"],
            number=order["number"], customer=order["customer"], currency=order["currency"], priority=order["policy"]["priority"],
            placed_at=order["placed_at"], cancel=True,
        ))  # fmt: skip


def _tell(book: Book, record: erp_v1.PostOrder) -> None:
    book.tell("post.order", record["erp"], record)


def answered(book: Book, said: orders_v1.PostAnswer) -> None:
    """order.post-answer: posted, refused or cancelled."""
    match said["outcome"]:
        case "posted":
            _posted(book, said)
        case "refused":
            _refused(book, said)
        case _:
            _cancelled(book, said)


def _posted(book: Book, said: orders_v1.PostAnswer) -> None:
    order = book.order
    if said["revision"] >= order["post_revision"]:
        book.no_deadline("post")
        book.relief("document_overdue", "posted")
    ended = order["outcome"] not in ("", "completed")
    if ended or (order["confirmed"] and said["revision"] <= order["post_answered"]):
        return _note(book, said)
    book.emit("order.confirmed", erp=said["erp"], erp_number=said["number"], revision=said["revision"])
    book.relief("erp_refused", "posted")
    if said["number"] != order["erp_number"]:
        claiming.claim_erp_number(book, said["erp"], said["number"])
    report(book)
    return releasing.release(book)


def _note(book: Book, said: orders_v1.PostAnswer) -> None:
    """The order was cancelled or rejected meanwhile: a person looks for it there by its number."""
    if said["number"] != book.order["erp_number"]:
        book.step("erp_number", detail=said["number"])
    else:
        book.ignore("the ERP's number is known")


def _refused(book: Book, said: orders_v1.PostAnswer) -> None:
    order, reason = book.order, said["reason"] or "erp_refused"
    book.no_deadline("post")
    if order["confirmed"]:
        kept = order["erp"] == "cancelling"
        book.step("erp", detail="posted") if kept else book.step("post_answered", attempt=said["revision"])
        book.trouble("erp_refused", cause="erp", detail=reason)  # a change or a cancel: the order itself stands there
    elif order["outcome"]:
        book.step("erp", detail="refused")
    else:
        book.relief("document_overdue", "refused")
        book.step("erp", detail="refused")
        ending.reject(book, reason)


def _cancelled(book: Book, said: orders_v1.PostAnswer) -> None:
    order = book.order
    if order["erp"] == "cancelling":
        book.step("erp", detail="cancelled")
    elif order["outcome"]:
        book.ignore("cancelled in the ERP already")
    else:
        book.trouble("erp_refused", cause="erp", detail=said["reason"] or "somebody cancelled the order in the ERP")
