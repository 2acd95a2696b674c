"""Every code that a sender can meet has one page: what it means and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from adapters.gateway.bodies import errors_of
from adapters.gateway.models import events, orders, reference, subscriptions
from adapters.gateway.models.parts import Closed
from adapters.gateway.routes.availability import AskAvailability
from schemas.errors import catalogue, remedy
from streams.normalize import content, lines, products, quantities
from streams.orders.shipping import TROUBLE
from tests.adapters.gateway.bodies import COUNT, DISPATCH, INVOICE, MILESTONE, ORDER, PRODUCT

ROOT = Path(__file__).parents[2]
DOCUMENT_CODE = re.compile(r'"(WH\d{4})"')
RAISED = re.compile(r'trouble\(\s*"(\w+)"')
PARKING = (  # of a line or an order, decided by normalize
    products.UNMAPPED, products.CONFLICT, quantities.AMBIGUOUS, quantities.UNSAFE, quantities.PACK_MISMATCH,
    lines.DISCONTINUED, lines.PRICE_MISMATCH, content.BLOCKED,
)  # fmt: skip
BODIES: tuple[tuple[type[Closed], Any], ...] = (
    (orders.PlaceOrder, ORDER), (orders.CancelOrder, {"reason": "", "lines": [{"line": "1", "quantity": "4"}]}),
    (orders.ResolveOrder, {"reason": ""}), (events.InventoryEvent, COUNT), (events.Dispatched, DISPATCH),
    (events.Milestone, MILESTONE), (events.InvoiceEvent, INVOICE), (reference.Product, PRODUCT),
    (reference.Partner, {"channel": "portal", "max_lines": 5, "backorder": True}),
    (subscriptions.SetSubscription, {"types": ["order.*"], "mode": "every"}), (AskAvailability, {"skus": ["A"]}),
)  # fmt: skip
ODD = (
    None,
    True,
    0,
    -1,
    10**30,
    0.5,
    "",
    "x" * 3000,
    "\x00",
    "-3",
    "2026-13-01",
    [],
    {},
    [[]],
    {"colour": "red"},
    ["a"] * 2000,
)


def sources(*rooms: str) -> Iterator[str]:
    for room in rooms:
        for path in (ROOT / room).rglob("*.py"):
            yield path.read_text(encoding="utf-8")


def test_every_page_says_what_to_do() -> None:
    assert all(page.title and page.remedy.endswith(".") for page in catalogue().values())


def test_a_document_is_refused_by_codes_that_have_a_page_and_no_page_is_left_over() -> None:
    used = {code for text in sources("schemas", "streams", "adapters", "ops") for code in DOCUMENT_CODE.findall(text)}
    assert used == {code for code in catalogue() if code.startswith("WH")}


def test_every_exception_that_an_order_can_have_has_a_page() -> None:
    raised = {found for text in sources("streams/orders") for found in RAISED.findall(text)}
    assert raised and raised | {*PARKING, *TROUBLE.values()} <= set(catalogue())


def bent(value: Any) -> Iterator[Any]:
    """The body with each of its places in turn replaced by each odd value, left out, or joined by a stranger."""
    yield from ODD
    if isinstance(value, dict):
        yield {**value, "colour": "red"}
        for name, inner in value.items():
            yield {key: other for key, other in value.items() if key != name}
            yield from ({**value, name: other} for other in bent(inner))
    if isinstance(value, list):
        yield from ([other, *value[1:]] for other in bent(value[0])) if value else ()


@pytest.mark.parametrize(("model", "body"), BODIES, ids=lambda one: getattr(one, "__name__", ""))
def test_whatever_is_wrong_with_a_field_its_code_has_a_page(model: type[Closed], body: Any) -> None:
    model.model_validate(body)
    seen = set()
    for odd in bent(body):
        try:
            model.model_validate(odd)
        except ValidationError as error:
            seen |= {one["code"] for one in errors_of(error, odd)}
    assert seen and seen <= set(catalogue())


@given(st.text())
def test_what_has_no_page_has_no_remedy(code: str) -> None:
    assert bool(remedy(code)) == (code in catalogue())
