"""Each rule by which a row of the retail file is put aside, and what the good ones become."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.demo.retail.invoices import ASIDE, CASH, MOST_LINES, NOTED, Clerk, Invoice, read
from ops.demo.retail.rows import Row

GOOD = Row("536365", "85123A", "HEART", "6", "2010-12-01 08:26:00", "2.55", "17850.0", "United Kingdom")


def invoices(*rows: Row) -> list[Invoice]:
    return [one for _, found in Clerk().days(rows) for one in found]


def test_a_good_row_is_a_line_of_its_invoice() -> None:
    (one,) = invoices(GOOD)
    assert (one.number, one.customer, one.country, one.cancels) == ("536365", "17850", "United Kingdom", False)
    assert one.at == datetime(2010, 12, 1, 8, 26, tzinfo=UTC)
    (line,) = one.lines
    assert (line.code, line.quantity, line.price) == ("85123A", 6, Decimal("2.55"))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"invoice": "A563185"}, "odd_invoice"),
        ({"invoice": ""}, "odd_invoice"),
        ({"quantity": "six"}, "unreadable"),
        ({"quantity": "1.5"}, "unreadable"),
        ({"quantity": "NaN"}, "unreadable"),
        ({"price": "Infinity"}, "unreadable"),
        ({"at": "yesterday"}, "unreadable"),
        ({"code": "POST"}, "odd_code"),
        ({"code": "gift_0001_20"}, "odd_code"),
        ({"code": "BANK CHARGES"}, "odd_code"),
        ({"quantity": "-6"}, "negative_quantity"),
        ({"quantity": "0"}, "negative_quantity"),
        ({"invoice": "C536365"}, "negative_quantity"),
        ({"price": "0.0"}, "no_price"),
        ({"price": "-11062.06"}, "no_price"),
    ],
)
def test_a_dirty_row_is_put_aside_by_its_rule(change: dict[str, str], rule: str) -> None:
    assert read(replace(GOOD, **change)) == rule
    assert rule in ASIDE


def test_every_row_is_counted_once_and_the_odd_ones_by_their_rule() -> None:
    clerk = Clerk()
    list(clerk.days([GOOD, replace(GOOD, code="POST"), replace(GOOD, customer=""), replace(GOOD, code="85123a")]))
    assert {name: clerk.counts[name] for name in ("rows", "odd_code", *NOTED)} == {
        "rows": 4, "odd_code": 1, "no_customer": 1, "lower_case_code": 1,
    }  # fmt: skip


def test_who_left_no_number_has_the_cash_account() -> None:
    (one,) = invoices(replace(GOOD, customer=""))
    assert one.customer == CASH


def test_a_c_invoice_cancels_what_is_negative_in_it() -> None:
    (one,) = invoices(replace(GOOD, invoice="C536379", quantity="-1"))
    assert one.cancels
    assert one.lines[0].quantity == 1


def test_rows_of_an_invoice_stand_together_and_days_apart() -> None:
    rows = [GOOD, replace(GOOD, code="71053"), replace(GOOD, invoice="536366", at="2010-12-02 08:26:00")]
    days = dict(Clerk().days(rows))
    assert [len(one.lines) for one in days["2010-12-01"]] == [2]
    assert [one.number for one in days["2010-12-02"]] == ["536366"]


def test_the_form_of_dates_in_the_workbook_is_read_too() -> None:
    (one,) = invoices(replace(GOOD, at="12/1/2010 8:26"))
    assert one.at == datetime(2010, 12, 1, 8, 26, tzinfo=UTC)


def test_an_invoice_longer_than_an_order_may_be_becomes_two() -> None:
    clerk = Clerk()
    (found,) = [found for _, found in clerk.days([GOOD] * (MOST_LINES + 3))]
    assert [(one.number, len(one.lines)) for one in found] == [("536365", MOST_LINES), ("536365-2", 3)]
    assert clerk.counts["invoices_in_parts"] == 1


@given(st.lists(st.text(max_size=12), min_size=8, max_size=8))
def test_whatever_stands_in_a_row_it_is_taken_or_put_aside_by_a_rule(fields: list[str]) -> None:
    found = read(Row(*fields))
    assert not isinstance(found, str) or found in ASIDE
