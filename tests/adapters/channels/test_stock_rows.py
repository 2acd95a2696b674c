"""One row of a snapshot: what it says, or why it says nothing."""

from __future__ import annotations

from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from adapters.channels.readers.stock_rows import Given, RefusedRow, StockRow, amount, instant, row_of

NOW = 1_795_165_200_000  # 2026-11-20T09:00:00Z
AT = NOW - 3_600_000
GIVEN = Given(NOW)
ROW = {"sku": "A", "location": "DC1", "quantity": "5", "as_of": "2026-11-20T08:00:00Z"}


def row(given: Given = GIVEN, **texts: str) -> StockRow | RefusedRow:
    return row_of(2, {**ROW, **texts}, given)


def refusal(given: Given = GIVEN, **texts: str) -> tuple[str, str]:
    found = row(given, **texts)
    assert isinstance(found, RefusedRow), found
    return found.field, found.code


def test_a_row_is_read_as_it_stands() -> None:
    found = row(unit="EA", sequence="88", unsellable="4", quantity=" 120.50 ")
    assert found == StockRow(2, "A", "DC1", "120.5", AT, "EA", 88, "4")


@pytest.mark.parametrize(
    ("texts", "field", "code"),
    [
        ({"quantity": "-5"}, "quantity", "WH1107"),
        ({"quantity": ""}, "quantity", "WH1105"),
        ({"quantity": "1,234"}, "quantity", "WH1106"),
        ({"quantity": "1e3"}, "quantity", "WH1106"),
        ({"quantity": "12 pcs"}, "quantity", "WH1106"),
        ({"quantity": "1234567890123"}, "quantity", "WH1107"),
        ({"quantity": "0.0000001"}, "quantity", "WH1107"),
        ({"unsellable": "-1"}, "unsellable", "WH1107"),
        ({"sku": " "}, "sku", "WH1105"),
        ({"sku": "A\x00B"}, "sku", "WH1106"),
        ({"sku": "A" * 129}, "sku", "WH1106"),
        ({"sku": "caf\udce9"}, "sku", "WH1007"),
        ({"location": ""}, "location", "WH1105"),
        ({"unit": "e a"}, "unit", "WH1106"),
        ({"class": "lost"}, "class", "WH1107"),
        ({"sequence": "-1"}, "sequence", "WH1106"),
        ({"sequence": "1.5"}, "sequence", "WH1106"),
        ({"as_of": ""}, "as_of", "WH1105"),
        ({"as_of": "yesterday"}, "as_of", "WH1106"),
        ({"as_of": "2026-11-20T08:00:00"}, "as_of", "WH1106"),
        ({"as_of": "2006-11-20T08:00:00Z"}, "as_of", "WH1405"),
        ({"as_of": "2062-11-20T08:00:00Z"}, "as_of", "WH1405"),
        ({"as_of": "9999-12-31T23:59:59-12:00"}, "as_of", "WH1106"),
    ],
)
def test_what_a_row_is_refused_for(texts: dict[str, str], field: str, code: str) -> None:
    assert refusal(**texts) == (field, code)


def test_a_refused_row_names_its_position_without_what_cannot_be_shown() -> None:
    found = row(sku="caf\udce9\x07", quantity="x")
    assert isinstance(found, RefusedRow)
    assert (found.line, found.sku, found.location) == (2, "caf��", "DC1")
    found.message.encode()


def test_what_is_said_for_the_whole_file_stands_where_a_row_says_nothing() -> None:
    whole = Given(NOW, location="DC9", as_of=AT, sequence=7)
    assert row(whole, location="", as_of="", sequence="") == StockRow(2, "A", "DC9", "5", AT, "", 7)
    assert row(whole) == StockRow(2, "A", "DC1", "5", AT, "", 7)


def test_a_time_without_an_offset_needs_a_zone() -> None:
    assert instant("2026-11-20T09:00", ZoneInfo("Europe/Berlin")) == AT
    assert instant("2026-11-20T09:00+01:00", UTC) == AT


def test_a_comma_is_a_sign_of_fractions_only_where_that_is_known() -> None:
    assert amount("quantity", "12,5", ",") == "12.5"
    assert refusal(Given(NOW, decimal=","), quantity="1.234,5") == ("quantity", "WH1106")


@drawn(st.decimals(min_value=0, max_value=10**12 - 1, places=6))
def test_equal_quantities_have_one_form(number: Any) -> None:
    text = amount("quantity", format(number, "f"))
    assert amount("quantity", text) == text
    assert "." not in text or not text.endswith("0")


@drawn(st.text(max_size=40), st.sampled_from(sorted({*ROW, "unit", "class", "sequence", "unsellable"})))
def test_any_text_in_any_field_gives_a_row_or_a_reason(text: str, field: str) -> None:
    found = row(**{field: text})
    assert isinstance(found, StockRow) or (found.code.startswith("WH") and len(found.message) < 400)
