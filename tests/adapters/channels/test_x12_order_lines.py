"""The lines of an 850, with the segments of their loops; the totals behind them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from adapters.channels.readers.order import RawPack
from tests.adapters.channels.reading_850 import accepted, line, order, refused, warnings
from tests.adapters.channels.x12_text import po1


def test_a_line_has_quantity_unit_price_and_basis() -> None:
    found = line(("PO1", "1", "120", "EA", "9.25", "TE", "VN", "AB3542"))
    assert (found.quantity, found.unit, found.price, found.price_basis) == (Decimal(120), "EA", Decimal("9.25"), "TE")


def test_identifiers_come_in_pairs_in_any_order() -> None:
    found = line(po1("1", "1", "EA", "", "UP", "614141000012", "CB", "65322", "SK", "W-A", "VN", "AB", "ST", "STYLE"))
    assert found.product_ids == (
        ("gtin", "614141000012"),
        ("buyer_part", "65322"),
        ("sku", "W-A"),
        ("vendor_part", "AB"),
        ("x12:ST", "STYLE"),
    )


def test_an_identifier_without_qualifier_is_kept_as_unqualified() -> None:
    assert line(po1("1", "1", "EA", "", "", "WHAT", "VN", "A")).product_ids == (
        ("unqualified", "WHAT"),
        ("vendor_part", "A"),
    )


def test_a_missing_unit_and_price_are_not_invented() -> None:
    found = line(po1("1", "5", "", ""))
    assert (found.unit, found.price) == ("", None)


def test_a_missing_line_id_is_its_position_with_a_warning() -> None:
    assert [one.line for one in order(po1(""), po1("")).lines] == ["1", "2"]
    assert warnings(po1(""), po1("")) == ["WH1218", "WH1218"]


def test_unordered_line_ids_stay_as_they_are() -> None:
    assert [one.line for one in order(po1("60"), po1("100"), po1("70")).lines] == ["60", "100", "70"]


def test_a_repeated_line_id_is_told_apart_without_meeting_another() -> None:
    found = order(po1("2"), po1("2"), po1("1")).lines
    assert [one.line for one in found] == ["2", "#2", "1"] and [one.channel_line for one in found] == ["2", "2", "1"]


def test_the_loop_of_a_line_is_read_with_it() -> None:
    found = line(
        po1(),
        ("PID", "F", "", "", "", "SMALL WIDGET"),
        ("PO4", "4", "6", "EA"),
        ("REF", "19", "CADC1"),
        ("DTM", "002", "20260305"),
    )
    assert (found.description, found.pack, found.references) == (
        "SMALL WIDGET",
        RawPack(Decimal(4), Decimal(6), "EA"),
        (("19", "CADC1"),),
    )
    assert found.dates[0].day == "2026-03-05"


def test_quantities_per_store_are_kept() -> None:
    assert line(po1("1", "10"), ("SDQ", "EA", "92", "12", "4", "13", "6")).destinations == (
        ("12", Decimal(4)),
        ("13", Decimal(6)),
    )


def test_quantities_per_store_that_do_not_add_up_are_a_warning() -> None:
    assert warnings(po1("1", "10"), ("SDQ", "EA", "92", "12", "4")) == ["WH1216"]


def test_right_totals_are_no_news() -> None:
    assert (
        warnings(po1("1", "2", "EA", "1.25"), po1("2", "3", "EA", "2"), ("CTT", "2", "5"), ("AMT", "TT", "8.5")) == []
    )


@pytest.mark.parametrize(
    ("tail", "words"), [(("CTT", "3"), "lines"), (("CTT", "1", "25"), "hash"), (("AMT", "TT", "228.06"), "amount")]
)
def test_wrong_totals_are_a_warning_and_correct_nothing(tail: Sequence[str], words: str) -> None:
    found = accepted(po1(), *([tail] if tail[0] == "CTT" else [("CTT", "1"), tail]))
    assert [w.code for w in found.warnings] == ["WH1213"] and words in found.warnings[0].message
    assert found.value.lines[0].quantity == 24


def test_cents_lost_in_rounding_are_within_tolerance() -> None:
    assert warnings(po1("1", "3", "EA", "0.333"), ("CTT", "1"), ("AMT", "TT", "1.00")) == []


@pytest.mark.parametrize("quantity", ["-4", "0", "", "TEN", "1,5", "1e3", "٣", "9999999999999"])
def test_a_quantity_that_cannot_be_ordered_refuses_the_order_at_its_place(quantity: str) -> None:
    assert refused(po1("1", quantity)) == [("WH1209", "PO1[3]/02")]


@pytest.mark.parametrize("price", ["-1", "FREE", "1-", "0.0000001"])
def test_a_price_that_is_none_refuses_the_order_at_its_place(price: str) -> None:
    assert refused(po1("1", "1", "EA", price)) == [("WH1209", "PO1[3]/04")]
