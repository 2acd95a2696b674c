"""The 850 as a raw order: orders.md §3.2, segment by segment; what could become a wrong order is refused."""

from __future__ import annotations

import pytest

from adapters.channels.readers.document import Accepted, Rejected
from adapters.channels.readers.x12 import reader
from tests.adapters.channels.reading_850 import accepted, order, refused, warnings
from tests.adapters.channels.x12_text import interchange, one_order, order_850, po1, x12


def test_number_purpose_and_type_stand_in_beg() -> None:
    found = order(po1())
    assert (found.number, found.purpose, found.order_type, found.units) == ("4500017", "original", "stand_alone", "x12")


@pytest.mark.parametrize(
    ("code", "purpose"),
    [
        ("00", "original"),
        ("01", "cancel"),
        ("04", "change"),
        ("05", "replace"),
        ("06", "confirmation"),
        ("15", "resubmission"),
        ("22", "copy"),
    ],
)
def test_each_purpose_has_its_word(code: str, purpose: str) -> None:
    assert order(po1(), beg=("BEG", code, "NE", "1", "", "20260302")).purpose == purpose


def test_an_unknown_type_is_kept_with_a_warning() -> None:
    beg = ("BEG", "00", "CP", "1", "", "20260302")
    assert order(po1(), beg=beg).order_type == "x12:CP" and warnings(po1(), beg=beg) == ["WH1215"]


@pytest.mark.parametrize(("kind", "release"), [("RL", "3"), ("BK", "3"), ("SA", "")])
def test_a_release_is_part_of_the_key_only_where_orders_are_released(kind: str, release: str) -> None:
    assert order(po1(), beg=("BEG", "00", kind, "1", "3", "20260302")).release == release


@pytest.mark.parametrize(
    ("text", "day"), [("20260302", "2026-03-02"), ("260302", "2026-03-02"), ("510302", "1951-03-02")]
)
def test_the_order_date_has_four_or_two_digits_of_year(text: str, day: str) -> None:
    assert order(po1(), beg=("BEG", "00", "SA", "1", "", text)).dates[0].day == day


@pytest.mark.parametrize("text", ["PO DATE", "20260230", "2026", "20261301"])
def test_an_impossible_date_is_left_aside_and_the_order_kept(text: str) -> None:
    beg = ("BEG", "00", "SA", "1", "", text)
    assert order(po1(), beg=beg).dates[0].day == "" and warnings(po1(), beg=beg) == ["WH1211"]


@pytest.mark.parametrize(
    ("qualifier", "kind"),
    [
        ("002", "requested_delivery"),
        ("010", "requested_ship"),
        ("001", "cancel_after"),
        ("038", "ship_no_later"),
        ("999", "x12:999"),
    ],
)
def test_dates_are_named_by_their_qualifier(qualifier: str, kind: str) -> None:
    found = order(("DTM", qualifier, "20260305", "1430", "ET"), po1()).dates[1]
    assert (found.kind, found.day, found.time, found.zone) == (kind, "2026-03-05", "14:30:00", "ET")


def test_the_century_may_stand_in_an_element_of_its_own() -> None:
    assert order(("DTM", "002", "990808", "", "", "20"), po1()).dates[1].day == "2099-08-08"


def test_references_are_all_kept() -> None:
    assert order(("REF", "DP", "038"), ("REF", "IA", "7"), po1()).references == (("DP", "038"), ("IA", "7"))


@pytest.mark.parametrize(("code", "terms"), [("N", (None, False)), ("Y", (None, True)), ("SC", (True, None))])
def test_sales_terms_say_what_may_be_back_ordered(code: str, terms: tuple[bool | None, bool | None]) -> None:
    found = order(("CSH", code), po1())
    assert (found.ship_complete, found.backorder) == terms


def test_the_currency_stands_in_the_header() -> None:
    assert order(("CUR", "BY", "CAD"), po1()).currency == "CAD"


def test_a_currency_on_which_all_lines_agree_is_the_orders() -> None:
    assert order(po1(), ("CUR", "BY", "USD"), po1("2"), ("CUR", "BY", "USD")).currency == "USD"


def test_lines_that_do_not_agree_leave_it_open() -> None:
    assert order(po1(), ("CUR", "BY", "USD"), po1("2"), ("CUR", "BY", "EUR")).currency == ""


def test_a_party_has_role_scheme_identifier_and_address() -> None:
    loop = [
        ("N1", "ST", "STORE 12", "UL", "0614141000012"),
        ("N2", "DOCK"),
        ("N3", "1 MAIN", "REAR"),
        ("N4", "SOLON", "OH", "44139", "US"),
    ]
    (party,) = order(*loop, po1()).parties
    assert (party.role, party.scheme, party.id, party.name) == ("ship_to", "gln", "0614141000012", "STORE 12")
    assert (party.street, party.city, party.region, party.postal_code, party.country) == (
        ("DOCK", "1 MAIN", "REAR"),
        "SOLON",
        "OH",
        "44139",
        "US",
    )


def test_parties_of_the_order_and_of_a_line_are_kept_apart() -> None:
    found = order(("N1", "BY", "RETAILER", "92", "100"), po1(), ("N1", "ST", "STORE", "92", "12"))
    assert ([p.role for p in found.parties], [p.role for p in found.lines[0].parties]) == (["buyer"], ["ship_to"])


def test_an_unknown_role_and_scheme_are_kept_as_sent() -> None:
    (party,) = order(("N1", "ZQ", "X", "77", "1"), po1()).parties
    assert (party.role, party.scheme) == ("zq", "x12:77")


def test_a_set_without_beg_is_no_order() -> None:
    assert refused(po1(), beg=("XYZ", "1")) == [("WH1206", "ST[1]")]


def test_an_order_without_number_is_refused() -> None:
    assert refused(po1(), beg=("BEG", "00", "SA", "", "", "20260302")) == [("WH1207", "BEG[2]/03")]


def test_a_number_that_is_too_long_is_refused_and_not_cut() -> None:
    assert refused(po1(), beg=("BEG", "00", "SA", "9" * 65, "", "20260302")) == [("WH1207", "BEG[2]/03")]


def test_an_order_without_lines_is_refused() -> None:
    assert refused() == [("WH1208", "")]


def test_a_cancellation_needs_no_lines() -> None:
    assert order(beg=("BEG", "01", "SA", "4500017", "", "20260302")).purpose == "cancel"


def test_an_element_over_the_limit_refuses_the_order() -> None:
    assert refused(po1(), ("MSG", "x" * 1025)) == [("WH1217", "MSG[4]/01")]


def test_an_order_that_was_cut_off_is_refused_because_lines_may_be_missing() -> None:
    text = interchange(order_850("4500017", po1(), po1("2")))
    (result,) = reader.read(x12(text[: text.index("PO1*2")])).results
    assert isinstance(result, Rejected) and result.code == "WH1205"


def test_wrong_counts_are_warnings_that_travel_with_the_order() -> None:
    text = interchange(order_850("4500017", po1())).replace("SE*5*", "SE*50*").replace("GE*1*", "GE*9*")
    (result,) = reader.read(x12(text)).results
    assert isinstance(result, Accepted) and [w.code for w in result.warnings] == ["WH1204", "WH1204"]
    assert result.value.transport.doubts == ("WH1204",)


def test_transport_tells_how_it_came() -> None:
    transport = order(po1()).transport
    assert (transport.sender, transport.application_sender, transport.interchange) == (
        "ZZ:RETX",
        "RETX",
        "000000101/7/0001",
    )


def test_a_test_interchange_holds_test_orders() -> None:
    assert accepted(po1(), usage="T").value.test and not accepted(po1()).value.test


def test_one_bad_order_does_not_hold_up_the_others_of_its_file() -> None:
    bad = order_850("4500018", po1("1", "-1"), control="0002")
    found = reader.read(x12(interchange(order_850("4500017", po1()), bad, order_850("4500019", po1(), control="0003"))))
    assert [one.document for one in found.accepted] == ["4500017", "4500019"]
    assert [(one.document, one.code) for one in found.refused] == [("4500018", "WH1209")]


def test_another_kind_is_refused_by_its_name() -> None:
    (result,) = reader.read(x12(interchange([("ST", "810", "0009"), ("BIG", "1"), ("SE", "3", "0009")]))).results
    assert isinstance(result, Rejected) and result.code == "WH1005" and "810" in result.message


def test_an_interchange_with_nothing_in_it_is_refused() -> None:
    (result,) = reader.read(x12(interchange())).results
    assert isinstance(result, Rejected) and result.code == "WH1210"


def test_a_file_over_the_limit_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_BYTES", 100)
    (result,) = reader.read(one_order(po1())).results
    assert isinstance(result, Rejected) and result.code == "WH1003"
