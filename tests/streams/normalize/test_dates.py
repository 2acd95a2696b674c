"""When an order was written, with the evidence for its zone; when it is wanted."""

from __future__ import annotations

import pytest

from adapters.channels.readers.order import RawDate
from schemas.envelope import rfc3339
from streams.normalize.dates import ordered_at, requested_delivery
from tests.streams.normalize.desk import PORTAL, RETX, line, order


def test_an_explicit_instant_stands() -> None:
    raw = order(dates=(RawDate("ordered", text="2026-03-02T09:00:00+01:00", instant=1_772_438_400_000),))
    assert ordered_at(raw, RETX) == (1_772_438_400_000, "2026-03-02T09:00:00+01:00", ())


@pytest.mark.parametrize(
    ("zone", "instant"),
    [("", "2026-03-02T05:00:00.000Z"), ("UT", "2026-03-02T00:00:00.000Z"), ("ET", "2026-03-02T05:00:00.000Z")],
)
def test_a_day_begins_where_the_partner_is_unless_the_document_says_universal_time(zone: str, instant: str) -> None:
    at, text, doubts = ordered_at(order(dates=(RawDate("ordered", "2026-03-02", zone=zone, text="20260302"),)), RETX)
    assert at is not None and rfc3339(at) == instant and text.startswith("20260302 (") and doubts == ()


def test_a_time_of_day_is_counted() -> None:
    at, _, _ = ordered_at(order(dates=(RawDate("ordered", "2026-07-02", "14:30:00"),)), RETX)
    assert at is not None and rfc3339(at) == "2026-07-02T18:30:00.000Z"


@pytest.mark.parametrize("name", ["Mars/Olympus", "../etc/passwd", "a\x00b"])
def test_an_unknown_zone_is_utc_with_a_warning(name: str) -> None:
    at, text, (doubt,) = ordered_at(order(dates=(RawDate("ordered", "2026-03-02"),)), {**PORTAL, "timezone": name})
    assert at is not None and rfc3339(at) == "2026-03-02T00:00:00.000Z" and "assumed" in text and doubt.code == "WH1309"


def test_a_date_that_could_not_be_read_keeps_its_text() -> None:
    assert ordered_at(order(dates=(RawDate("ordered", text="PO DATE"),)), RETX) == (None, "PO DATE", ())


def test_no_date_is_no_date() -> None:
    assert ordered_at(order(), RETX) == (None, "", ())


def test_the_lines_say_when_they_are_wanted_where_the_order_does_not() -> None:
    wanted = (RawDate("requested_delivery", "2026-03-05"),)
    assert requested_delivery(order(line(dates=wanted), line("2", dates=wanted))) == "2026-03-05"


def test_lines_that_do_not_agree_leave_it_open() -> None:
    days = [(RawDate("requested_delivery", day),) for day in ("2026-03-05", "2026-03-06")]
    assert requested_delivery(order(line(dates=days[0]), line("2", dates=days[1]))) == ""
