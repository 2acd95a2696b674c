"""Tells the headline and the facets, each once per change."""

from __future__ import annotations

from streams.orders.book import Book
from tables.orders.headline import facets_of, headline_of
from tables.orders.rows import lines_of


def report(book: Book) -> None:
    """The new headline, or the facets where only they changed; nothing where nothing changed."""
    order = book.order
    if not book.placed:
        return
    headline, facets, version = headline_of(order), facets_of(order), order["seq"] + 1
    if headline != order["headline"]:
        book.emit("order.status.changed", status_seq=order["status_seq"] + 1, old=order["headline"], new=headline, version=version,
                  lines=list(lines_of(book.rows)), facets=facets, erp_number=order["erp_number"], reason=book.reason)  # fmt: skip
    elif facets != order["facets"]:
        book.emit("order.facet.changed", facet_seq=order["facet_seq"] + 1, facets=facets, version=version)
    if headline == "completed" and not order["outcome"]:
        book.emit("order.completed")
