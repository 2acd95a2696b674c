"""Portal orders: the JSON of POST /v1/orders as a raw order, or every place that is wrong with it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from adapters.channels.readers import portal_order
from adapters.channels.readers.document import Accepted, Document, Rejected
from adapters.channels.readers.order import RawOrder

ORDER: dict[str, Any] = {
    "channel": "portal",
    "number": "P-1001",
    "customer": "7001",
    "currency": "USD",
    "ordered_at": "2026-03-02T08:01:00Z",
    "requested_delivery": "2026-03-05",
    "ship_complete": False,
    "ship_to": {"name": "A. Smith", "street": ["1 Main St"], "city": "Solon", "postal_code": "44139", "country": "US"},
    "lines": [{"line": "1", "product": {"sku": "WIDGET-A"}, "quantity": "24", "unit": "EA", "price": "9.50"}],
    "extensions": {"campaign": "spring"},
}


def read(**changes: Any) -> Accepted[RawOrder] | Rejected:
    """The one result of the usual order with some fields changed; None takes a field away."""
    body = {name: value for name, value in {**ORDER, **changes}.items() if value is not None}
    (result,) = portal_order.read(Document(json.dumps(body).encode(), "orders", "portal")).results
    return result


def accepted(**changes: Any) -> RawOrder:
    result = read(**changes)
    assert isinstance(result, Accepted), result
    return result.value


def refused(**changes: Any) -> list[tuple[str, str]]:
    result = read(**changes)
    assert isinstance(result, Rejected), result
    return [(problem.code, problem.place.pointer) for problem in result.problems]


def line(**changes: Any) -> list[dict[str, Any]]:
    return [{name: value for name, value in {**ORDER["lines"][0], **changes}.items() if value is not None}]


def test_the_example_of_the_contract_is_accepted() -> None:
    assert (accepted().number, accepted().customer, accepted().currency) == ("P-1001", "7001", "USD")


def test_a_line_keeps_product_quantity_and_unit_as_sent() -> None:
    (first,) = accepted().lines
    assert (first.line, first.product_ids, first.quantity, first.unit) == (
        "1",
        (("sku", "WIDGET-A"),),
        Decimal(24),
        "EA",
    )


def test_the_price_is_exact() -> None:
    assert accepted(lines=line(price="9.10")).lines[0].price == Decimal("9.10")


def test_the_time_of_the_order_is_an_instant_with_its_text() -> None:
    ordered = accepted(ordered_at="2026-03-02T09:01:00+01:00").dates[0]
    assert (ordered.instant, ordered.text) == (1_772_438_460_000, "2026-03-02T09:01:00+01:00")


def test_the_ship_to_address_is_a_party() -> None:
    (party,) = accepted().parties
    assert (party.role, party.name, party.street, party.city) == ("ship_to", "A. Smith", ("1 Main St",), "Solon")


@pytest.mark.parametrize(
    ("name", "scheme"),
    [("sku", "sku"), ("gtin", "gtin"), ("customer_part", "buyer_part"), ("vendor_part", "vendor_part")],
)
def test_a_product_is_named_in_one_of_four_ways(name: str, scheme: str) -> None:
    assert accepted(lines=line(product={name: "X1"})).lines[0].product_ids == ((scheme, "X1"),)


def test_price_unit_and_dates_may_be_missing() -> None:
    order = accepted(lines=line(price=None, unit=None), ordered_at=None, requested_delivery=None, ship_to=None)
    assert order.lines[0].price is None and order.dates == () and order.parties == ()


def test_ship_complete_that_was_not_said_is_left_to_the_profile() -> None:
    assert accepted(ship_complete=None).ship_complete is None


def test_references_are_kept_by_qualifier() -> None:
    assert accepted(references={"DP": "038", "CO": "9"}).references == (("CO", "9"), ("DP", "038"))


def test_extensions_are_kept() -> None:
    assert accepted().extensions == '{"campaign":"spring"}'


@pytest.mark.parametrize("field", ["number", "lines"])
def test_number_and_lines_are_required(field: str) -> None:
    assert refused(**{field: None}) == [("WH1105", f"/{field}")]


def test_an_order_without_lines_is_refused() -> None:
    assert refused(lines=[]) == [("WH1109", "/lines")]


def test_an_unknown_field_is_refused_by_name() -> None:
    assert refused(qty=1) == [("WH1104", "/qty")]


def test_an_unknown_field_of_a_line_is_refused_by_its_place() -> None:
    assert refused(lines=line(discount="5")) == [("WH1104", "/lines/0/discount")]


@pytest.mark.parametrize("quantity", ["-4", "0", "-0.5"])
def test_a_quantity_that_is_not_positive_is_refused(quantity: str) -> None:
    assert refused(lines=line(quantity=quantity)) == [("WH1107", "/lines/0/quantity")]


def test_a_negative_price_is_refused() -> None:
    assert refused(lines=line(price="-1")) == [("WH1107", "/lines/0/price")]


@pytest.mark.parametrize("product", [{}, {"sku": ""}])
def test_a_line_without_product_is_refused(product: dict[str, str]) -> None:
    assert refused(lines=line(product=product)) == [("WH1105", "/lines/0/product")]


def test_two_lines_of_one_name_are_refused() -> None:
    assert refused(lines=line() + line()) == [("WH1107", "/lines/1/line")]


@pytest.mark.parametrize("currency", ["usd", "US", "EURO", "12E"])
def test_a_currency_is_three_capital_letters(currency: str) -> None:
    assert refused(currency=currency) == [("WH1106", "/currency")]


def test_all_problems_of_an_order_are_told_at_once() -> None:
    assert refused(number=7, lines=line(quantity="x", unit=3)) == [
        ("WH1106", "/number"),
        ("WH1106", "/lines/0/quantity"),
        ("WH1106", "/lines/0/unit"),
    ]


def test_a_thousand_bad_lines_do_not_make_a_thousand_problems() -> None:
    result = read(lines=[{"line": str(number)} for number in range(1000)])
    assert isinstance(result, Rejected) and len(result.problems) == portal_order.PROBLEM_LIMIT


def test_malformed_json_is_refused_as_such() -> None:
    (result,) = portal_order.read(Document(b'{"number":', "orders")).results
    assert isinstance(result, Rejected) and result.code == "WH1101"


@pytest.mark.parametrize("body", [b"[]", b"7", b'"order"', b"null", b"[{}]"])
def test_an_order_is_an_object(body: bytes) -> None:
    (result,) = portal_order.read(Document(body, "orders")).results
    assert isinstance(result, Rejected) and result.code == "WH1106"
