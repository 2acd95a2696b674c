"""Cancel wishes: the JSON of `POST /v1/orders/{order_id}/cancel` (reference/http.md)."""

from __future__ import annotations

from adapters.channels.readers.document import Accepted, Document, Problem, Reading, Rejected
from adapters.channels.readers.fields import MAX_NAME, Fields
from adapters.channels.readers.order import RawCancel, RawCancelLine
from adapters.channels.readers.strict_json import parse

KIND = "cancel"


def read(document: Document) -> Reading[RawCancel]:
    """One cancel of the order that the request was addressed to; an empty body cancels all of it."""
    value = parse(document.body) if document.body.strip() else {}
    if isinstance(value, Rejected):
        return Reading(KIND, (value,))
    problems: list[Problem] = []
    fields = Fields(value, problems)
    wish = RawCancel(document.target, fields.text("reason"), tuple(_line(line) for line in fields.children("lines")))
    fields.done()
    if problems:
        return Reading(KIND, (Rejected(tuple(problems), document.target),))
    return Reading(KIND, (Accepted(wish, document.target),))


def _line(fields: Fields) -> RawCancelLine:
    name, quantity = fields.text("line", required=True, limit=MAX_NAME), fields.whole("quantity")
    if quantity is not None and quantity <= 0:
        fields.note("WH1107", "quantity", f"expected more than 0, came {quantity}")
    fields.done()
    return RawCancelLine(name, quantity)
