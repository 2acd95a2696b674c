"""Quantities in steps of the base unit: exact, or a reason. The vectors are those of orders.md §10."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.channels.readers.order import RawPack
from schemas.generated import reference_v1 as reference
from streams.normalize import unit_codes
from streams.normalize.quantities import Measure, Trouble, measure, price_per_base, steps, unit_of
from tests.adapters.channels.samples import codes_listed
from tests.streams.normalize.desk import PORTAL, RETX, product, rows

SINGLE = product("S", units=[])
CASES = product("C")
POUNDS = product("P", base_unit="LBR", units=[])
ROPE = product("R", base_unit="MTR", scale=2, units=[])
TWELVE = RawPack(Decimal(12))


def converted(
    quantity: str, unit: str, item: reference.Product, pack: RawPack | None = None, pack_unit: str = ""
) -> int | str:
    """Steps, or the class of the problem."""
    found = measure(unit, item, pack, pack_unit)
    result = found if isinstance(found, Trouble) else steps(Decimal(quantity), found, item)
    return result.problem if isinstance(result, Trouble) else result


@pytest.mark.parametrize(
    ("quantity", "unit", "item", "pack", "expected"),
    [
        ("3", "XCS", SINGLE, TWELVE, 36),
        ("3", "XCS", CASES, None, 36),
        ("2", "DZN", SINGLE, None, 24),
        ("10", "KGM", POUNDS, None, "unit_unsafe"),
        ("24", "EA", SINGLE, None, 24),
        ("24", "C62", SINGLE, None, 24),
        ("24", "H87", SINGLE, None, 24),
        ("2.50", "MTR", ROPE, None, 250),
        ("1", "FOT", ROPE, None, "unit_unsafe"),
        ("25", "FOT", ROPE, None, 762),
        ("0.5", "DZN", SINGLE, None, 6),
        ("0.5", "EA", SINGLE, None, "unit_unsafe"),
        ("1", "KGM", SINGLE, None, "unit_ambiguous"),
        ("1", "XCS", SINGLE, None, "unit_ambiguous"),
        ("1", "SET", SINGLE, None, "unit_ambiguous"),
        ("-3", "EA", SINGLE, None, -3),
    ],
)
def test_a_quantity_is_whole_steps_or_has_a_reason(
    quantity: str, unit: str, item: reference.Product, pack: RawPack | None, expected: int | str
) -> None:
    assert converted(quantity, unit, item, pack) == expected


def test_a_pack_that_agrees_with_the_product_is_fine() -> None:
    assert converted("2", "XCS", CASES, TWELVE) == 24


def test_a_pack_that_differs_from_the_product_is_for_a_person() -> None:
    assert converted("2", "XCS", CASES, RawPack(Decimal(10))) == "pack_mismatch"


def test_the_pack_of_single_items_is_no_conversion() -> None:
    assert converted("120", "EA", CASES, RawPack(Decimal(4), Decimal(4)), "EA") == 120


@pytest.mark.parametrize(
    ("pack", "unit", "expected"),
    [
        (RawPack(Decimal(12), Decimal(1)), "EA", 12),
        (RawPack(None, Decimal(12)), "EA", 12),
        (RawPack(Decimal(1), Decimal(12)), "", 12),
        (RawPack(Decimal(4), Decimal(6)), "EA", "unit_ambiguous"),
        (RawPack(Decimal(12)), "KGM", "unit_ambiguous"),
        (RawPack(Decimal(0)), "EA", "unit_ambiguous"),
        (RawPack(), "EA", "unit_ambiguous"),
    ],
)
def test_a_pack_counts_only_where_it_can_be_read_in_one_way(pack: RawPack, unit: str, expected: int | str) -> None:
    assert converted("1", "XCS", SINGLE, pack, unit) == expected


def test_a_factor_may_be_a_fraction() -> None:
    third = product("T", units=[reference.unit_factor(unit="XPK", numerator=1, denominator=3)])
    assert (converted("3", "XPK", third), converted("1", "XPK", third)) == (1, "unit_unsafe")


def test_a_factor_of_nothing_is_no_factor() -> None:
    assert (
        converted("1", "XPK", product("T", units=[reference.unit_factor(unit="XPK", numerator=0)])) == "unit_ambiguous"
    )


def test_more_steps_than_a_number_can_hold_are_refused() -> None:
    assert converted("999999999999", "MTR", product("R", base_unit="MTR", scale=6)) == "unit_unsafe"


@given(st.integers(1, 10**6), st.integers(1, 10**4), st.integers(1, 10**4))
def test_a_conversion_is_exact_or_refused(quantity: int, numerator: int, denominator: int) -> None:
    item = product("T", units=[reference.unit_factor(unit="XPK", numerator=numerator, denominator=denominator)])
    exact = Fraction(quantity * numerator, denominator)
    assert converted(str(quantity), "XPK", item) == (exact if exact.denominator == 1 else "unit_unsafe")


@pytest.mark.parametrize(
    ("price", "basis", "unit", "factor", "expected"),
    [
        ("9.50", "", "EA", 1, "9.500000"),
        ("12.00", "", "XCS", 12, "1.000000"),
        ("1.00", "", "XCS", 3, "0.333333"),
        ("1.00", "PE", "XCS", 12, "1.000000"),
        ("1.00", "WE", "YRD", 1, "1.000000"),
        ("950", "HP", "EA", 1, "9.500000"),
        ("5", "CT", "XCS", 2, "2.500000"),
    ],
)
def test_a_price_is_per_base_unit_to_six_places(price: str, basis: str, unit: str, factor: int, expected: str) -> None:
    assert price_per_base(Decimal(price), basis, Measure(unit, Fraction(factor)), "EA") == Decimal(expected)


def test_a_price_that_the_contract_cannot_hold_is_left_out() -> None:
    assert price_per_base(Decimal(10**11), "", Measure("EA", Fraction(1, 1000)), "EA") is None


def test_the_partners_alias_decides_first() -> None:
    assert unit_of("CS", "x12", SINGLE, RETX, rows()) == "XCS"


def test_the_units_own_record_decides_next_the_partners_before_everybodys() -> None:
    book = rows(units__portal__CS={"canonical": "XPK"}, units____CS={"canonical": "XBX"})
    assert (
        unit_of("CS", "rec20", SINGLE, PORTAL, book),
        unit_of("CS", "rec20", SINGLE, RETX | {"unit_aliases": {}}, book),
    ) == ("XPK", "XBX")


def test_a_code_that_the_product_is_sold_in_means_what_the_product_says() -> None:
    item = product("K", units=[reference.unit_factor(unit="CS", numerator=6)])
    assert unit_of("CS", "rec20", item, PORTAL, rows()) == "CS"


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("EA", "EA"),
        ("UN", "C62"),
        ("PC", "H87"),
        ("CA", "XCS"),
        ("DZ", "DZN"),
        ("ST", "SET"),
        ("CS", ""),
        ("PX", ""),
        ("QQ", ""),
    ],
)
def test_x12_codes_mean_what_the_standard_says_or_nothing(code: str, meaning: str) -> None:
    assert unit_codes.canonical("x12", code) == meaning


@pytest.mark.parametrize(
    ("code", "meaning"),
    [("EA", "EA"), ("XCS", "XCS"), ("KGM", "KGM"), ("PCE", "H87"), ("CS", ""), ("CA", ""), ("STK", ""), ("DZ", "")],
)
def test_portal_codes_are_rec_20_or_ambiguous(code: str, meaning: str) -> None:
    assert unit_codes.canonical("rec20", code) == meaning


@pytest.mark.samples
def test_every_canonical_code_stands_in_the_recommendations() -> None:
    tables = unit_codes.tables()
    named = {code for dimension in unit_codes.DIMENSIONS for code in tables[dimension]} | set(tables["x12"].values())
    packages = {f"X{code}" for code in codes_listed("unece_rec21_packaging_ubl23.tsv")}
    assert named - codes_listed("unece_rec20_rec21_units_ubl23.tsv") - packages == set()


@pytest.mark.samples
def test_every_x12_code_stands_in_element_355() -> None:
    assert set(unit_codes.tables()["x12"]) - codes_listed("x12_element_355_unit_of_measure.tsv") == set()
