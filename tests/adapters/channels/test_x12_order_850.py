"""The 850 as a raw order: orders.md §3.2, segment by segment; what could become a wrong order is refused."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from adapters.channels.readers.document import Accepted, Rejected
from adapters.channels.readers.order import RawLine, RawOrder, RawPack
from adapters.channels.readers.x12 import reader
from tests.adapters.channels.x12_text import interchange, one_order, order_850, po1, x12


def accepted(*middle: Sequence[str], beg: Sequence[str] | None = None, usage: str = "P") -> Accepted[RawOrder]:
    (result,) = reader.read(one_order(*middle, beg=beg, usage=usage)).results
    assert isinstance(result, Accepted), result
    return result


def order(*middle: Sequence[str], beg: Sequence[str] | None = None) -> RawOrder:
    return accepted(*middle, beg=beg).value


def line(*loop: Sequence[str]) -> RawLine:
    (found,) = order(*loop).lines
    return found


def refused(*middle: Sequence[str], beg: Sequence[str] | None = None) -> list[tuple[str, str]]:
    (result,) = reader.read(one_order(*middle, beg=beg)).results
    assert isinstance(result, Rejected), result
    return [(problem.code, str(problem.place)) for problem in result.problems]


def warnings(*middle: Sequence[str], beg: Sequence[str] | None = None) -> list[str]:
    return [warning.code for warning in accepted(*middle, beg=beg).warnings]


def test_number_purpose_and_type_stand_in_beg() -> None:
    found = order(po1())
    assert (found.number, found.purpose, found.order_type, found.units) == ("4500017", "original", "stand_alone", "x12")


@pytest.mark.parametrize(
    ("code", "purpose"),
    [("00", "original"), ("01", "cancel"), ("04", "change"), ("05", "replace"), ("06", "confirmation"), ("15", "resubmission"), ("22", "copy")],
)
def test_each_purpose_has_its_word(code: str, purpose: str) -> None:
    assert order(po1(), beg=("BEG", code, "NE", "1", "", "20260302")).purpose == purpose


def test_an_unknown_type_is_kept_with_a_warning() -> None:
    beg = ("BEG", "00", "CP", "1", "", "20260302")
    assert order(po1(), beg=beg).order_type == "x12:CP" and warnings(po1(), beg=beg) == ["WH1215"]


@pytest.mark.parametrize(("kind", "release"), [("RL", "3"), ("BK", "3"), ("SA", "")])
def test_a_release_is_part_of_the_key_only_where_orders_are_released(kind: str, release: str) -> None:
    assert order(po1(), beg=("BEG", "00", kind, "1", "3", "20260302")).release == release


@pytest.mark.parametrize(("text", "day"), [("20260302", "2026-03-02"), ("260302", "2026-03-02"), ("510302", "1951-03-02")])
def test_the_order_date_has_four_or_two_digits_of_year(text: str, day: str) -> None:
    assert order(po1(), beg=("BEG", "00", "SA", "1", "", text)).dates[0].day == day


@pytest.mark.parametrize("text", ["PO DATE", "20260230", "2026", "20261301"])
def test_an_impossible_date_is_left_aside_and_the_order_kept(text: str) -> None:
    beg = ("BEG", "00", "SA", "1", "", text)
    assert order(po1(), beg=beg).dates[0].day == "" and warnings(po1(), beg=beg) == ["WH1211"]


@pytest.mark.parametrize(
    ("qualifier", "kind"),
    [("002", "requested_delivery"), ("010", "requested_ship"), ("001", "cancel_after"), ("038", "ship_no_later"), ("999", "x12:999")],
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
    loop = [("N1", "ST", "STORE 12", "UL", "0614141000012"), ("N2", "DOCK"), ("N3", "1 MAIN", "REAR"), ("N4", "SOLON", "OH", "44139", "US")]
    (party,) = order(*loop, po1()).parties
    assert (party.role, party.scheme, party.id, party.name) == ("ship_to", "gln", "0614141000012", "STORE 12")
    assert (party.street, party.city, party.region, party.postal_code, party.country) == (("DOCK", "1 MAIN", "REAR"), "SOLON", "OH", "44139", "US")


def test_parties_of_the_order_and_of_a_line_are_kept_apart() -> None:
    found = order(("N1", "BY", "RETAILER", "92", "100"), po1(), ("N1", "ST", "STORE", "92", "12"))
    assert ([p.role for p in found.parties], [p.role for p in found.lines[0].parties]) == (["buyer"], ["ship_to"])


def test_an_unknown_role_and_scheme_are_kept_as_sent() -> None:
    (party,) = order(("N1", "ZQ", "X", "77", "1"), po1()).parties
    assert (party.role, party.scheme) == ("zq", "x12:77")


def test_a_line_has_quantity_unit_price_and_basis() -> None:
    found = line(("PO1", "1", "120", "EA", "9.25", "TE", "VN", "AB3542"))
    assert (found.quantity, found.unit, found.price, found.price_basis) == (Decimal(120), "EA", Decimal("9.25"), "TE")


def test_identifiers_come_in_pairs_in_any_order() -> None:
    found = line(po1("1", "1", "EA", "", "UP", "614141000012", "CB", "65322", "SK", "W-A", "VN", "AB", "ST", "STYLE"))
    assert found.product_ids == (("gtin", "614141000012"), ("buyer_part", "65322"), ("sku", "W-A"), ("vendor_part", "AB"), ("x12:ST", "STYLE"))


def test_an_identifier_without_qualifier_is_kept_as_unqualified() -> None:
    assert line(po1("1", "1", "EA", "", "", "WHAT", "VN", "A")).product_ids == (("unqualified", "WHAT"), ("vendor_part", "A"))


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
    found = line(po1(), ("PID", "F", "", "", "", "SMALL WIDGET"), ("PO4", "4", "6", "EA"), ("REF", "19", "CADC1"), ("DTM", "002", "20260305"))
    assert (found.description, found.pack, found.references) == ("SMALL WIDGET", RawPack(Decimal(4), Decimal(6), "EA"), (("19", "CADC1"),))
    assert found.dates[0].day == "2026-03-05"


def test_quantities_per_store_are_kept() -> None:
    assert line(po1("1", "10"), ("SDQ", "EA", "92", "12", "4", "13", "6")).destinations == (("12", Decimal(4)), ("13", Decimal(6)))


def test_quantities_per_store_that_do_not_add_up_are_a_warning() -> None:
    assert warnings(po1("1", "10"), ("SDQ", "EA", "92", "12", "4")) == ["WH1216"]


def test_right_totals_are_no_news() -> None:
    assert warnings(po1("1", "2", "EA", "1.25"), po1("2", "3", "EA", "2"), ("CTT", "2", "5"), ("AMT", "TT", "8.5")) == []


@pytest.mark.parametrize(("tail", "words"), [(("CTT", "3"), "lines"), (("CTT", "1", "25"), "hash"), (("AMT", "TT", "228.06"), "amount")])
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
    assert (transport.sender, transport.application_sender, transport.interchange) == ("ZZ:RETX", "RETX", "000000101/7/0001")


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
