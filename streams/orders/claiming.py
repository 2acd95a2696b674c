"""The order's numbers are made known, so that shipments and invoices find it, and its lines, so that they fit."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.generated import orders_v1, shipments_v1
from streams.orders.book import Book
from tables.orders.rows import Line


def claim(book: Book, content: orders_v1.OrderContent, lines: Iterable[Line]) -> None:
    """Claim all numbers of a new order; a release of a blanket order has a number of its own."""
    number = f"{content['number']}/{content['release']}" if content["release"] else content["number"]
    references = [_reference("order_id", book.order_id), _reference("number", number, content["channel"])]
    if content["partner"]:
        references.append(_reference("po", number, content["partner"]))
    _tell(book, references, lines)


def claim_lines(book: Book, lines: Iterable[Line]) -> None:
    """Lines are known now that were not, or have another quantity."""
    _tell(book, [], lines)


def claim_erp_number(book: Book, erp: str, number: str) -> None:
    """The ERP's number of the order."""
    _tell(book, [_reference("erp_number", number, erp)], ())


def answered(book: Book, said: orders_v1.ClaimAnswer) -> None:
    """order.claim-answer: a number that another order has is a suspect for a person."""
    if said["outcome"] == "taken":
        book.trouble(
            "duplicate_suspect",
            cause="partner",
            detail=f"{said['kind']} {said['value']} belongs to order {said['holder']}",
        )
    else:
        book.ignore("the number is the order's own")


def _reference(kind: str, value: str, party: str = "") -> shipments_v1.OrderReference:
    return shipments_v1.order_reference(kind=kind, value=value, party=party)


def _tell(book: Book, references: list[shipments_v1.OrderReference], lines: Iterable[Line]) -> None:
    told = [
        shipments_v1.claim_line(
            line=line["line"], sku=line["sku"], quantity=line["ordered"], components=line["components"]
        )
        for line in lines
    ]
    order = book.order
    book.tell("shipment.claim", "", shipments_v1.claim_references(
        order_id=book.order_id, channel=order["channel"], references=references, lines=told, customer=order["customer"]
    ))  # fmt: skip
