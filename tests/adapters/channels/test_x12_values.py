"""Values of X12 elements: texts that may be wrong."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.channels.readers.order import number_text
from adapters.channels.readers.x12.values import clock, day, decimal


@pytest.mark.parametrize(
    ("text", "value"),
    [("24", "24"), ("9.50", "9.50"), (".5", "0.5"), ("5.", "5"), ("-3", "-3"), ("3-", "-3"), ("+3", "3"), ("007", "7")],
)
def test_a_decimal_has_an_explicit_point_and_a_sign_on_either_side(text: str, value: str) -> None:
    assert decimal(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", ".", "-", "1,5", "1e3", "-3-", "NaN", "1 000", "٣", "9" * 19, "0." + "1" * 10])
def test_anything_else_is_no_decimal(text: str) -> None:
    assert decimal(text) is None


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("20260302", "2026-03-02"),
        ("260302", "2026-03-02"),
        ("491231", "2049-12-31"),
        ("500101", "1950-01-01"),
        ("20240229", "2024-02-29"),
    ],
)
def test_a_date_has_eight_or_six_digits(text: str, iso: str) -> None:
    assert day(text) == iso


@pytest.mark.parametrize(
    "text", ["", "20260229", "PO DATE", "2026-03-02", "2026030", "00000000", "２０２６０３０２", "²60302"]
)
def test_anything_else_is_no_date(text: str) -> None:
    assert day(text) == ""


@pytest.mark.parametrize(("text", "iso"), [("0800", "08:00:00"), ("235959", "23:59:59"), ("08000050", "08:00:00")])
def test_a_time_has_four_digits_or_more(text: str, iso: str) -> None:
    assert clock(text) == iso


@pytest.mark.parametrize("text", ["", "8", "2400", "0860", "noon", "08000"])
def test_anything_else_is_no_time(text: str) -> None:
    assert clock(text) == ""


@given(st.decimals(-(10**12), 10**12, allow_nan=False, places=6))
def test_a_decimal_written_without_exponent_is_read_as_it_was(value: Decimal) -> None:
    assert decimal(number_text(value)) == value
