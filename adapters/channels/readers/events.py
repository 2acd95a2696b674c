"""What all fact readers share: one object or an array of up to 1,000, accepted whole or refused whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from adapters.channels.readers.document import Accepted, Document, Place, Problem, Reading, Rejected, rejected
from adapters.channels.readers.fields import MAX_NAME, Fields
from adapters.channels.readers.strict_json import parse
from schemas.generated import shipments_v1 as shipments

T = TypeVar("T")
MAX_EVENTS = 1000
ORDER_FIELDS = ("order_id", "number", "erp_number")


def read_all(document: Document, kind: str, one: Callable[[Fields], T], name: Callable[[T], str]) -> Reading[T]:
    """Read each object by `one`; a single problem refuses them all, because half a report is worse than none."""
    value = parse(document.body)
    if isinstance(value, Rejected):
        return Reading(kind, (value,))
    items: list[Any] = value if isinstance(value, list) else [value]
    if not 0 < len(items) <= MAX_EVENTS:
        message = f"expected 1 to {MAX_EVENTS} events, came {len(items)}; split the array"
        return Reading(kind, (rejected("WH1109", message, Place(pointer="/")),))
    problems: list[Problem] = []
    prefix = "/{}" if isinstance(value, list) else ""
    found = [one(Fields(item, problems, prefix.format(index))) for index, item in enumerate(items)]
    if problems:
        return Reading(kind, (Rejected(tuple(problems[:100])),))
    return Reading(kind, tuple(Accepted(event, name(event)) for event in found))


def order_references(fields: Fields) -> list[shipments.OrderReference]:
    """The order as the sender names it: one of order_id, number with channel, erp_number."""
    order = fields.child("order", required=True)
    if order is None:
        return []
    party = order.text("channel", limit=64)
    named = [(kind, order.text(kind, limit=MAX_NAME)) for kind in ORDER_FIELDS]
    order.done()
    found = [
        shipments.order_reference(kind=kind, value=value, party=party if kind == "number" else "")
        for kind, value in named
        if value
    ]
    if len(found) != 1:
        order.note("WH1105", "", f"expected exactly one of {', '.join(ORDER_FIELDS)}; came {len(found)}")
    elif found[0]["kind"] == "number" and not party:
        order.note("WH1105", "channel", 'expected "channel": two channels may use the same number')
    return found
