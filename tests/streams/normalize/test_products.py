"""Which product a line means: all identifiers are asked, all answers must agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.engine.references import TenantReferences
from streams.normalize.products import Books, find, gtin14
from tests.streams.normalize.desk import product, rows

PARTIES = ("retx",)


def sku(*ids: tuple[str, str], parties: tuple[str, ...] = PARTIES) -> str:
    found = find(ids, Books(rows(), parties))
    return found.product["sku"] if found.product else found.problem


def test_our_own_number_names_itself() -> None:
    assert sku(("sku", "WIDGET-A")) == "WIDGET-A"


def test_a_buyers_part_is_looked_up_under_the_buyer() -> None:
    assert sku(("buyer_part", "65322")) == "WIDGET-A"


def test_the_customers_own_list_comes_before_the_partners() -> None:
    assert sku(("buyer_part", "65322"), parties=("7001", "retx")) == "WIDGET-B"


def test_the_list_of_another_buyer_is_not_asked() -> None:
    assert sku(("buyer_part", "65322"), parties=("other",)) == "item_unmapped"


def test_a_vendor_part_is_the_vendors_that_is_our_own_number() -> None:
    assert sku(("vendor_part", "WIDGET-B")) == "WIDGET-B"


def test_a_listed_vendor_part_comes_first() -> None:
    assert sku(("vendor_part", "A-OLD-NAME")) == "WIDGET-A"


@pytest.mark.parametrize("gtin", ["614141000012", "0614141000012", "00614141000012"])
def test_a_gtin_of_any_length_finds_the_products_own(gtin: str) -> None:
    assert sku(("gtin", gtin)) == "WIDGET-A"


def test_a_gtin_may_be_listed() -> None:
    assert sku(("gtin", "5412345000013")) == "WIDGET-B"


def test_a_upc_that_lost_its_leading_zeros_counts_where_it_leads_to_a_product() -> None:
    book = rows(**{"cross-references|gtin||00012345678905": {"sku": "WIDGET-B"}})
    found = find((("gtin", "12345678905"),), Books(book, PARTIES))
    assert found.product is not None and found.product["sku"] == "WIDGET-B"


def test_a_gtin_that_two_products_carry_is_a_conflict() -> None:
    book = rows(**{"products|TWIN": product("TWIN", gtin="00614141000012")})
    assert find((("gtin", "614141000012"),), Books(book, PARTIES)).problem == "item_conflict"


def test_a_gtin_is_looked_up_and_not_searched_for() -> None:
    scans: list[str] = []

    class Counting(TenantReferences):
        def scan(self, prefix: str) -> Iterator[tuple[str, Any]]:
            scans.append(prefix)
            return super().scan(prefix)

    counting = Counting()
    counting.put("products", "WIDGET-A", product("WIDGET-A", gtin="00614141000012"), ("gtin",))
    found = find((("gtin", "614141000012"),), Books(counting, PARTIES))
    assert found.product is not None
    assert scans == ["products.gtin|00614141000012|"]


def test_a_gtin_with_a_wrong_check_digit_names_nothing() -> None:
    assert sku(("gtin", "00614141000013")) == "item_unmapped"


def test_identifiers_that_name_different_products_are_a_conflict_and_not_the_first_one() -> None:
    found = find((("sku", "WIDGET-A"), ("gtin", "5412345000013")), Books(rows(), PARTIES))
    assert found.problem == "item_conflict" and "WIDGET-A" in found.detail and "WIDGET-B" in found.detail


def test_an_identifier_that_nobody_knows_does_not_disturb_one_that_is_known() -> None:
    assert sku(("buyer_part", "???"), ("sku", "WIDGET-A"), ("x12:PR", "RO")) == "WIDGET-A"


@pytest.mark.parametrize("ids", [(), (("sku", "NOPE"),), (("unqualified", "WIDGET-A"),), (("maker_part", "WIDGET-A"),)])
def test_what_nobody_knows_is_unmapped(ids: tuple[tuple[str, str], ...]) -> None:
    assert sku(*ids) == "item_unmapped"


def test_a_list_entry_without_its_product_is_unmapped() -> None:
    assert sku(("sku", "GONE")) == "item_unmapped"


@pytest.mark.parametrize("text", ["05412345000013", "00614141123452", "614141000012", "96385074"])
def test_valid_gtins_become_fourteen_digits(text: str) -> None:
    assert gtin14(text) == text.zfill(14)


@pytest.mark.parametrize("text", ["", "123", "05412345000014", "0541234500001X", "٠٥٤١٢٣٤٥٠٠٠٠١٣", "1" * 15])
def test_anything_else_is_no_gtin(text: str) -> None:
    assert gtin14(text) == ""


@given(st.integers(0, 10**13 - 1), st.integers(0, 9))
def test_exactly_one_check_digit_is_right(stem: int, digit: int) -> None:
    right = [last for last in range(10) if gtin14(f"{stem:013}{last}")]
    assert len(right) == 1 and bool(gtin14(f"{stem:013}{digit}")) == (digit == right[0])
