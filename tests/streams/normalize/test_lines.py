"""A line in canonical terms, or parked with the class of its problem."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from adapters.channels.readers.order import RawLine, RawPack
from schemas.generated import orders_v1 as orders
from streams.normalize.lines import Context, line_of
from tests.streams.normalize.desk import EDI, PORTAL, RETX, line, rows


def context(**changes: Any) -> Context:
    return Context(
        **{"rows": rows(), "partner": PORTAL, "customer": "", "code_list": "rec20", "currency": "USD", **changes}
    )


def understood(raw: RawLine, **changes: Any) -> orders.OrderLine:
    return line_of(raw, context(**changes))


def test_a_line_is_in_base_units_with_its_price() -> None:
    found = understood(line(quantity="2", unit="XCS", price=Decimal(12)))
    assert (found["sku"], found["quantity"], found["base_unit"], found["price"]) == (
        "WIDGET-A",
        24,
        "EA",
        Decimal("1.000000"),
    )


def test_what_was_sent_stands_beside_it() -> None:
    found = understood(line(quantity="2.0", unit="XCS"))
    assert (found["ordered_quantity"], found["unit"], found["channel_line"]) == ("2", "XCS", "1")
    assert found["product_ids"] == [{"scheme": "sku", "value": "WIDGET-A"}]


def test_a_portal_that_names_no_unit_means_the_products_base_unit() -> None:
    assert understood(line(unit=""))["quantity"] == 24


def test_an_edi_line_without_unit_is_not_guessed() -> None:
    assert understood(line(unit=""), code_list="x12", partner=EDI)["problem"] == "unit_ambiguous"


def test_a_profile_may_say_which_unit_a_missing_one_is() -> None:
    assert understood(line(unit=""), code_list="x12", partner={**EDI, "default_unit": "DZ"})["quantity"] == 288


def test_the_partners_alias_makes_an_ambiguous_code_clear() -> None:
    assert understood(line(quantity="1", unit="CS"), code_list="x12", partner=RETX)["quantity"] == 12


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (line(sku="NOPE"), "item_unmapped"),
        (line(product_ids=(("sku", "WIDGET-A"), ("sku", "WIDGET-B"))), "item_conflict"),
        (line(sku="OLD"), "discontinued_item"),
        (line(unit="CS"), "unit_ambiguous"),
        (line(unit="WHAT"), "unit_ambiguous"),
        (line(quantity="0.5"), "unit_unsafe"),
        (line(unit="XCS", pack=RawPack(Decimal(10))), "pack_mismatch"),
        (line(currency="EUR"), "price_mismatch"),
    ],
)
def test_a_line_that_cannot_be_understood_is_parked_with_its_class_and_detail(raw: RawLine, problem: str) -> None:
    found = understood(raw)
    assert found["problem"] == problem and found["detail"]


def test_a_parked_line_keeps_what_was_ordered() -> None:
    found = understood(line(sku="NOPE", unit="XCS"))
    assert (found["quantity"], found["ordered_quantity"], found["unit"], found["sku"], found["price"]) == (
        24,
        "24",
        "XCS",
        "",
        None,
    )


def test_a_parked_fraction_counts_for_nothing_yet() -> None:
    assert understood(line(sku="NOPE", quantity="1.5"))["quantity"] == 0


def test_a_parked_line_of_a_known_product_names_it() -> None:
    assert understood(line(sku="OLD"))["sku"] == "OLD"


def test_a_scaled_product_is_counted_in_its_smallest_step() -> None:
    found = understood(line(quantity="2.5", unit="MTR", sku="ROPE"))
    assert (found["quantity"], found["ordered_quantity"]) == (250, "2.5")


def test_the_versions_that_were_used_are_remembered() -> None:
    seen = context()
    line_of(line(), seen)
    assert seen.versions == {"products|WIDGET-A": 3}


def test_a_customers_own_names_are_asked_before_the_partners() -> None:
    raw = line(product_ids=(("buyer_part", "65322"),))
    assert (understood(raw, customer="7001", partner=RETX)["sku"], understood(raw, partner=RETX)["sku"]) == (
        "WIDGET-B",
        "WIDGET-A",
    )


def test_the_pack_of_the_document_counts_where_the_product_has_none() -> None:
    raw = line(quantity="3", unit="CT", pack=RawPack(Decimal(6), None, "EA"))
    assert understood(raw, code_list="x12", partner=EDI)["quantity"] == 18


def test_a_pack_in_an_unknown_unit_is_not_used() -> None:
    raw = line(quantity="3", unit="CT", pack=RawPack(Decimal(6), None, "??"))
    assert understood(raw, code_list="x12", partner=EDI)["problem"] == "unit_ambiguous"
