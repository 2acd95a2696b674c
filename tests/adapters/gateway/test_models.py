"""The closed shapes: every request that http.md shows is taken, every record that is made fits the wire."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from adapters.gateway.bodies import errors_of, fits
from adapters.gateway.models import answers, events, orders, reservations, subscriptions
from adapters.gateway.models.parts import Closed
from adapters.gateway.models.reference import KINDS
from adapters.gateway.problems import Problem, render
from adapters.gateway.routes.reference import identity_of
from schemas import wire
from schemas.errors import remedy
from schemas.loader import by_type
from tests.adapters.gateway.bodies import CART, COUNT, DISPATCH, INVOICE, LINE, MILESTONE, ORDER, PRODUCT

SHOWN: list[tuple[type[BaseModel], Any]] = [
    (orders.PlaceOrder, ORDER),
    (reservations.HoldCart, CART),
    (reservations.ExtendCart, {"expires_in": 900}),
    (orders.CancelOrder, {"reason": "late", "lines": [{"line": "1", "quantity": "4"}]}),
    (events.InventoryEvent, COUNT),
    (events.InventoryEvent, {**COUNT, "kind": "announced", "supply": "PO-77/1", "due": "2026-03-05T08:00:00Z"}),
    (events.InventoryEvent, {**COUNT, "kind": "quarantined", "stock_class": "inspection"}),
    (events.Dispatched, DISPATCH),
    (events.Milestone, MILESTONE),
    (events.InvoiceEvent, INVOICE),
    (
        subscriptions.SetSubscription,
        {"url": "https://a.example/", "types": ["order.*"], "mode": "latest", "secret": None},
    ),
]
RECORDS: dict[str, tuple[str, Any]] = {
    "products": (
        "W",
        {
            **PRODUCT,
            "units": [{"unit": "XCS", "numerator": 12}],
            "safety": [{"location": "DC1", "safety": 2}, {"location": "*", "percent_bp": 500}],
            "channels": [
                {"channel": "edi", "guarantee": 30, "cap": 90, "backorder_limit": 5, "split": False, "partial": False},
                {"channel": "web", "excluded_locations": ["YARD"], "one_location": True, "priorities": {"DC1": 1}},
            ],
            "thresholds": [{"kind": "low", "channel": "web", "at": 10, "clear": 12}, {"kind": "out"}],
            "authorities": {"DC1": "wms1"},
            "components": [{"sku": "A", "quantity": 2}, {"sku": "B", "quantity": 1}],
        },
    ),
    "cross-references": ("gtin||04006381333931", {"sku": "W"}),
    "units": ("RETX|CA", {"canonical": "XCS"}),
    "customers": ("7001", {"name": "Customer", "customer_class": "A", "tax_id": "X1"}),
    "locations": ("DC1", {"name": "Warehouse"}),
    "partners": ("RETX", {"channel": "edi", "unit_aliases": {"CA": "XCS"}, "priority": 50}),
}


def shapes(of: type[BaseModel]) -> list[type[BaseModel]]:
    return [of, *(shape for child in of.__subclasses__() for shape in shapes(child))]


@pytest.mark.parametrize(("model", "body"), SHOWN)
def test_what_the_reference_shows_is_taken(model: type[BaseModel], body: Any) -> None:
    assert fits(model, body)


@pytest.mark.parametrize(("model", "body"), SHOWN)
def test_an_unknown_field_is_refused_by_its_name(model: type[BaseModel], body: Any) -> None:
    with pytest.raises(Problem) as caught:
        fits(model, {**body, "surprise": 1})
    assert [error["pointer"] for error in caught.value.errors] == ["/surprise"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "announced"},
        {"kind": "announced", "supply": "PO-77/1"},
        {"kind": "announced", "supply": "PO-77/1", "due": "2026-03-05T08:00:00Z", "quantity": "-1"},
        {"kind": "damaged", "stock_class": "lost"},
    ],
)
def test_a_report_that_lacks_what_it_needs_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(Problem):
        fits(events.InventoryEvent, {**COUNT, **wrong})


def test_a_threshold_is_over_above_the_value_at_which_it_is_reached() -> None:
    with pytest.raises(Problem):
        fits(KINDS["products"], {**PRODUCT, "thresholds": [{"kind": "low", "at": 10, "clear": 10}]})


@pytest.mark.parametrize("shape", shapes(Closed) + shapes(answers.Answer))
def test_every_shape_is_closed(shape: type[BaseModel]) -> None:
    assert shape.model_config["extra"] == "forbid"


@pytest.mark.parametrize("kind", KINDS)
def test_a_reference_record_fits_the_wire_with_its_identity_and_version(kind: str) -> None:
    key, body = RECORDS[kind]
    given_ = fits(KINDS[kind], body)
    record = given_.record(identity_of(given_, key), 7)
    again = wire.decode(wire.encode(by_type()[given_.event].name, record))[1]
    assert again == record and again["version"] == 7


@pytest.mark.parametrize("kind", KINDS)
def test_a_reference_topic_has_a_kind(kind: str) -> None:
    assert by_type()[KINDS[kind].event].topic == f"reference.{kind}"


@pytest.mark.parametrize(("key", "body"), [("gtin|RETX|1", {"party": "RETX"}), ("gtin||1|2", {"value": "1|2"})])
def test_a_body_may_repeat_what_the_url_says(key: str, body: dict[str, str]) -> None:
    given_ = fits(KINDS["cross-references"], {"sku": "W", **body})
    assert identity_of(given_, key)["scheme"] == "gtin"


@given(st.decimals(min_value="0.000001", max_value=10**11, places=6))
def test_any_plain_decimal_above_zero_is_a_quantity(number: Any) -> None:
    assert orders.Line.model_validate({**LINE, "quantity": format(number, "f")}).quantity == format(number, "f")


@given(st.text(max_size=12))
def test_no_other_text_is_a_quantity(text: str) -> None:
    try:
        found = orders.Line.model_validate({**LINE, "quantity": text})
    except ValidationError:
        return
    assert float(found.quantity) > 0 and set(text) <= set("0123456789.")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"lines": [{"line": "1"}]}, "/lines/0/product"),
        ({"lines": [{**LINE, "product": {"sku": 7}}]}, "/lines/0/product/sku"),
        ({"a/b~c": 1}, "/a~1b~0c"),
        ({"ship_to": 7}, "/ship_to"),
    ],
)
def test_a_pointer_is_written_as_rfc_6901_has_it(body: Any, pointer: str) -> None:
    with pytest.raises(ValidationError) as caught:
        orders.PlaceOrder.model_validate(body)
    assert pointer in [error["pointer"] for error in errors_of(caught.value, body)]


def test_no_more_than_fifty_errors_are_told() -> None:
    with pytest.raises(Problem) as caught:
        fits(orders.PlaceOrder, {**ORDER, "lines": [{} for _ in range(100)]})
    assert len(caught.value.errors) == 50


def test_a_problem_tells_what_it_is_about_and_nothing_it_does_not_have() -> None:
    body = json.loads(bytes(render(Problem("not-found"), "c-1").body))
    assert body == {
        "type": "/problems/not-found", "title": "There is no such thing", "status": 404, "code": "not-found",
        "detail": "There is no such thing", "remedy": remedy("not-found"), "correlation_id": "c-1",
    }  # fmt: skip
