"""Snapshots as CSV: which column is what, and what one bad line does to the others."""

from __future__ import annotations

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from adapters.channels.readers.document import Problem
from adapters.channels.readers.stock_csv import SEPARATORS, Form, aliases, form_of, rows
from adapters.channels.readers.stock_rows import FIELDS, Given, RefusedRow, StockRow

AS_OF = 1_795_161_600_000
GIVEN = Given(AS_OF, as_of=AS_OF)
HEADER = "sku,location,quantity\n"


def form(header: str = HEADER, *sample: str, located: bool = False) -> Form:
    found = form_of(header, sample, located=located)
    assert isinstance(found, Form), found
    return found


def problem(header: str) -> Problem:
    found = form_of(header)
    assert isinstance(found, Problem), found
    return found


def read(*lines: str, header: str = HEADER) -> list[StockRow | RefusedRow]:
    return list(rows(lines, form(header), GIVEN))


def codes(found: list[StockRow | RefusedRow]) -> list[tuple[int, str]]:
    return [(row.line, row.code if isinstance(row, RefusedRow) else row.sku) for row in found]


@pytest.mark.parametrize("separator", list(SEPARATORS))
def test_the_separator_is_the_one_that_makes_columns_known(separator: str) -> None:
    found = form(separator.join(("Item No.", "Warehouse", "Qty on Hand", "Bin, aisle")) + "\r\n")
    assert (found.separator, found.columns[:3]) == (separator, ("sku", "location", "quantity"))


def test_columns_that_say_nothing_here_are_named() -> None:
    assert form("sku;location;qty;colour;\n").unused == ("colour",)


def test_every_alias_means_one_field() -> None:
    assert set(aliases()) == set(FIELDS)
    names = [name for known in aliases().values() for name in known]
    assert len(names) == len(set(names))


def test_what_is_available_is_not_what_is_on_hand() -> None:
    assert problem("sku,location,available\n").code == "WH1401"


@pytest.mark.parametrize(
    ("header", "code", "named"),
    [
        ("sku,location\n", "WH1401", "quantity: quantity, qty"),
        ("sku,quantity\n", "WH1401", "location: location"),
        ("sku,item,location,quantity\n", "WH1402", "sku and item both mean sku"),
        ("{}\n", "WH1406", "names columns"),
        ("", "WH1406", "names columns"),
    ],
)
def test_a_header_that_will_not_do_says_what_is_missing(header: str, code: str, named: str) -> None:
    found = problem(header)
    assert (found.code, named in found.message) == (code, True)


def test_a_location_for_the_whole_file_needs_no_column() -> None:
    assert form("sku,quantity\n", located=True).columns == ("sku", "quantity")


@pytest.mark.parametrize(
    ("quantities", "sign"),
    [(["12,5"], ","), (["12,5", "1.5"], "."), (["1,234"], "."), (["1.234"], "."), (["7"], "."), ([], ".")],
)
def test_a_comma_is_taken_for_a_point_only_beyond_doubt(quantities: list[str], sign: str) -> None:
    assert form("sku;location;quantity\n", *(f"A;DC1;{text}\n" for text in quantities)).decimal == sign


def test_each_line_is_a_row_and_blank_lines_are_none() -> None:
    assert codes(read("A,DC1,1\n", "\n", '"B",DC1,"2"\r\n')) == [(2, "A"), (4, "B")]


def test_quotes_hold_separators() -> None:
    (found,) = read('"A,1",DC1,1\n')
    assert isinstance(found, StockRow)
    assert found.sku == "A,1"


@pytest.mark.parametrize("bad", ["A,DC1\n", "A,DC1,1,2\n", '"A,DC1,1\n', 'A,"DC"1,1\n', "A,DC1,-1\n"])
def test_rows_around_a_bad_one_go_through(bad: str) -> None:
    found = read("X,DC1,1\n", bad, "Y,DC1,1\n")
    assert [row.sku for row in found if isinstance(row, StockRow)] == ["X", "Y"]
    assert [row.line for row in found if isinstance(row, RefusedRow)] == [3]


def test_a_last_line_that_does_not_end_may_be_cut_in_its_number() -> None:
    assert codes(read("A,DC1,1\n", "B,DC1,12")) == [(2, "A"), (3, "WH1403")]


@drawn(st.lists(st.text(max_size=30).map(lambda text: text.replace("\n", " ").replace("\r", " ") + "\n")))
def test_any_lines_give_a_row_or_a_reason_each(lines: list[str]) -> None:
    found = read(*lines)
    assert len(found) == sum(bool(line.strip()) for line in lines)
