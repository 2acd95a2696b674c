"""What the door takes, the reader behind the log can read: nobody gets 202 for a form that is refused a moment later."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from adapters.channels.readers.document import Document
from adapters.channels.readers.recognise import read
from adapters.gateway.models import events, orders
from adapters.gateway.models.parts import Closed
from tests.adapters.gateway.bodies import COUNT, DISPATCH, INVOICE, MILESTONE, ORDER

TEXTS = (
    *("x" * length for length in (1, 2, 3, 8, 16, 20, 32, 40, 64, 80, 128, 500)), "Ł" * 128, '"' * 64, " x ", "US", "EUR",
    "0", "1", "0.000001", "-3", "999999999999.999999", "12345678", "12345678901234", "2026-02-28", "2026-03-02",
    "2026-03-02T08:00:00Z", "2026-03-02T08:00:00.123456+14:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
)  # fmt: skip
CANCEL = {"reason": "late", "lines": [{"line": "1", "quantity": "4"}]}
MOVED = {**COUNT, "kind": "transferred", "to_location": "DC2"}
FOREIGN = {**MILESTONE, "code": {"vocabulary": "x12-214", "code": "D1", "reason": "NS"}}
KINDS: dict[str, tuple[Callable[[Any], type[Closed]], str, Any]] = {
    "order": (lambda _: orders.PlaceOrder, "orders", ORDER),
    "cancel": (lambda _: orders.CancelOrder, "order-cancel", CANCEL),
    "count": (lambda _: events.InventoryEvent, "inventory-events", COUNT),
    "transfer": (lambda _: events.InventoryEvent, "inventory-events", MOVED),
    "dispatch": (events.shipment_model, "shipment-events", DISPATCH),
    "milestone": (events.shipment_model, "shipment-events", MILESTONE),
    "foreign milestone": (events.shipment_model, "shipment-events", FOREIGN),
    "invoice": (lambda _: events.InvoiceEvent, "invoice-events", INVOICE),
}


def bent(value: Any) -> Iterator[Any]:
    """The body with one place changed: another text, nothing, or left out."""
    if isinstance(value, str):
        yield from TEXTS
    if isinstance(value, dict):
        for name, inner in value.items():
            yield {**value, name: None}
            yield {key: other for key, other in value.items() if key != name}
            yield from ({**value, name: other} for other in bent(inner))
    if isinstance(value, list):
        yield from ([other, *value[1:]] for first in value[:1] for other in bent(first))
        yield []


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_door_takes_the_reader_reads(kind: str) -> None:
    model_of, resource, body = KINDS[kind]
    taken = 0
    for one in [body, *bent(body)]:
        try:
            model_of(one).model_validate(one)
        except ValidationError:
            continue
        taken += 1
        reading = read(Document(json.dumps(one).encode(), resource=resource, channel="portal", target="O-1"))
        refused = [
            (problem.code, problem.message, str(problem.place)) for each in reading.refused for problem in each.problems
        ]
        forms = [told for told in refused if told[0] != "WH1107"]  # which codes carriers use is known behind the log
        assert forms == [], one
    assert taken > 10
