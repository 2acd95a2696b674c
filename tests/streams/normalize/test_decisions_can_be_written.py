"""Whatever comes in, what is decided can be written: an effect that no codec takes would make the document a dead letter."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import wire
from schemas.loader import by_type
from streams.engine.effects import Effects
from tests.adapters.channels.test_fact_events import COUNT, DISPATCH, INVOICE, MILESTONE
from tests.adapters.channels.test_hostile_documents import PORTAL, WHOLE, damaged
from tests.streams.normalize.desk import document, handed_in, portal_order

RESOURCES = [
    "documents",
    "orders",
    "order-cancel",
    "order-resolve",
    "inventory-events",
    "shipment-events",
    "invoice-events",
    "reference/products",
]
FACTS = json.dumps([COUNT, {**COUNT, "quantity": "2", "unit": "XCS"}]).encode()
SHIPMENTS = json.dumps([DISPATCH, MILESTONE]).encode()
INVOICES = json.dumps(INVOICE).encode()


def written(effects: Effects) -> bool:
    """Whether each record can be encoded, and read back as it was."""
    names = [(by_type()[ask.type].name, ask.record) for ask in effects.asks]
    return all(wire.decode(wire.encode(name, dict(record)))[1] == record for name, record in names)


@given(st.sampled_from([WHOLE, PORTAL, FACTS, SHIPMENTS, INVOICES]).flatmap(damaged), st.sampled_from(RESOURCES))
@settings(max_examples=300, deadline=None)
def test_a_damaged_document_is_decided_and_its_effects_can_be_written(body: bytes, resource: str) -> None:
    assert written(handed_in(document(body, resource, "edi", target="o-1")))


@given(st.binary(max_size=200), st.sampled_from(RESOURCES))
def test_random_bytes_are_decided_and_their_effects_can_be_written(body: bytes, resource: str) -> None:
    assert written(handed_in(document(body, resource, "edi", target="o-1")))


NUMBERS = st.decimals(0, 10**13, allow_nan=False, places=7).map(lambda value: format(value, "f")) | st.integers(
    -5, 10**16
)
TEXTS = st.text(max_size=30)


@given(
    st.fixed_dictionaries(
        {
            "quantity": NUMBERS,
            "price": NUMBERS | st.none(),
            "unit": st.sampled_from(["EA", "XCS", "CS", "KGM", ""]),
            "line": TEXTS,
        }
    )
)
@settings(deadline=None)
def test_any_number_in_a_line_is_taken_exactly_or_refused(fields: dict[str, Any]) -> None:
    line = {"product": {"sku": "WIDGET-A"}, **{name: value for name, value in fields.items() if value is not None}}
    assert written(handed_in(document(portal_order(line))))


@given(TEXTS, TEXTS, TEXTS)
def test_any_text_is_taken_or_refused(number: str, customer: str, name: str) -> None:
    assert written(handed_in(document(portal_order(number=number, customer=customer, ship_to={"name": name}))))


@given(st.sampled_from([WHOLE, PORTAL, FACTS]).flatmap(damaged))
@settings(deadline=None)
def test_the_same_document_is_always_decided_the_same(body: bytes) -> None:
    record = document(body, "documents", "edi")
    assert handed_in(record) == handed_in(record)
