"""Envelopes: several of everything, wrong counts as doubts, damage that ends trust."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.channels.readers.x12.interchange import DOUBT_LIMIT, File, Transaction
from adapters.channels.readers.x12.structure import looks_like_x12, read_file
from tests.adapters.channels.x12_text import ENVELOPE, interchange, order_850, po1

ORDER = order_850("4500017", po1())


def file(text: str) -> File:
    return read_file(text.encode())


def only(text: str) -> Transaction:
    (transaction,) = file(text).transactions
    return transaction


def doubts(text: str) -> list[str]:
    return [f"{doubt.code} {doubt.message}" for doubt in only(text).all_doubts]


def test_a_right_file_has_no_doubts() -> None:
    assert doubts(interchange(ORDER)) == []


def test_a_transaction_knows_its_envelopes() -> None:
    found = only(interchange(ORDER))
    told = (found.kind, found.control, found.controls, found.interchange.sender, found.interchange.receiver)
    assert told == ("850", "0001", "000000101/7/0001", "ZZ:RETX", "ZZ:WHARF")
    assert (found.group.sender, found.group.version, found.interchange.test) == ("RETX", "004010", False)


def test_isa15_t_is_a_test() -> None:
    assert only(interchange(ORDER, envelope=replace(ENVELOPE, usage="T"))).interchange.test


@pytest.mark.parametrize(
    ("right", "wrong", "doubt"),
    [
        ("SE*5*0001", "SE*6*0001", "WH1204 SE01: expected '5', came '6'"),
        ("SE*5*0001", "SE*5*0002", "WH1204 SE02: expected '0001', came '0002'"),
        ("SE*5*0001", "SE*x*0001", "WH1204 SE01: expected '5', came 'x'"),
        ("GE*1*7", "GE*2*7", "WH1204 GE01: expected '1', came '2'"),
        ("GE*1*7", "GE*1*8", "WH1204 GE02: expected '7', came '8'"),
        ("IEA*1*000000101", "IEA*4*000000101", "WH1204 IEA01: expected '1', came '4'"),
        ("IEA*1*000000101", "IEA*1*000000102", "WH1204 IEA02: expected '000000101', came '000000102'"),
    ],
)
def test_a_wrong_count_or_control_number_is_a_doubt_and_reading_goes_on(right: str, wrong: str, doubt: str) -> None:
    assert doubts(interchange(ORDER).replace(right, wrong)) == [doubt]


@pytest.mark.parametrize("control", ["101", "0000000101"])
def test_leading_zeros_of_a_control_number_do_not_count(control: str) -> None:
    assert doubts(interchange(ORDER).replace("IEA*1*000000101", f"IEA*1*{control}")) == []


@pytest.mark.parametrize(
    ("trailer", "doubt"),
    [("IEA*1*000000101~\n", "WH1205 interchange '000000101' has no IEA"), ("GE*1*7~\n", "WH1205 group '7' has no GE")],
)
def test_a_missing_trailer_of_the_outer_envelopes_is_a_doubt(trailer: str, doubt: str) -> None:
    assert doubts(interchange(ORDER).replace(trailer, "")) == [doubt]


def test_a_set_without_its_end_is_not_closed() -> None:
    found = only(interchange(ORDER).replace("SE*5*0001~\n", ""))
    assert not found.closed and [doubt.code for doubt in found.doubts] == ["WH1205"]


def test_a_set_that_begins_before_the_last_one_ended_is_read_for_itself() -> None:
    two = interchange(ORDER, order_850("4500018", po1(), control="0002")).replace("SE*5*0001~\n", "")
    assert [(found.control, found.closed) for found in file(two).transactions] == [("0001", False), ("0002", True)]


def test_several_interchanges_groups_and_kinds_stand_in_one_file() -> None:
    invoice = [("ST", "810", "0009"), ("BIG", "20260302", "1"), ("SE", "3", "0009")]
    text = interchange(ORDER, invoice) + interchange(ORDER, envelope=replace(ENVELOPE, control="000000102"))
    found = file(text).transactions
    assert [(one.kind, one.interchange.control, one.position) for one in found] == [
        ("850", "000000101", 1),
        ("810", "000000101", 2),
        ("850", "000000102", 3),
    ]


def test_repeated_control_numbers_are_told_apart_by_position() -> None:
    found = file(interchange(ORDER, order_850("4500018", po1()))).transactions
    assert [(one.control, one.position) for one in found] == [("0001", 1), ("0001", 2)]


def test_an_empty_group_holds_nothing() -> None:
    assert file(interchange()).transactions == [] and file(interchange()).broken is None


def test_after_a_damaged_isa_nobody_knows_whose_the_rest_is() -> None:
    both = interchange(ORDER).replace("IEA*1*000000101~\n", "") + interchange(ORDER).replace("ISA*", "FSA*")
    first, second = file(both).transactions
    assert (first.stray, second.stray) == ("", "FSA")


def test_a_set_outside_any_interchange_ends_the_reading_with_a_reason() -> None:
    found = file(interchange(ORDER) + "ST*850*0002~BEG*00*SA*1**20260302~SE*3*0002~")
    assert len(found.transactions) == 1 and found.broken is not None and found.broken.code == "WH1203"


def test_a_second_isa_that_cannot_be_read_does_not_lose_the_first() -> None:
    found = file(interchange(ORDER) + "ISA*00*00~")
    assert len(found.transactions) == 1 and found.broken is not None and found.broken.code == "WH1202"


def test_a_set_without_a_group_is_read_with_a_doubt() -> None:
    text = interchange(ORDER).replace("GS*PO*RETX*WHARF*20260302*0800*7*X*004010~\n", "").replace("GE*1*7~\n", "")
    assert "WH1205 a transaction set stands outside any group" in doubts(text)


def test_doubts_are_bounded_however_much_is_wrong() -> None:
    stray = "XYZ*1~" * 5000
    found = file(interchange(ORDER).replace("GE*1*7~", stray + "GE*1*7~"))
    assert len(found.transactions[0].all_doubts) <= 2 * DOUBT_LIMIT


@pytest.mark.parametrize("body", [b"", b"UNB+UNOA:1", b"{}", b"ISAAC NEWTON", b"GS*PO*A*B~", b"\xff\xfe\x00"])
def test_what_is_not_x12_is_refused_as_such(body: bytes) -> None:
    broken = read_file(body).broken
    assert broken is not None and broken.code in ("WH1201", "WH1202")


@pytest.mark.parametrize(
    ("body", "is_x12"),
    [
        (b"ISA*00*", True),
        (b"\xef\xbb\xbfISA|", True),
        (b"\n ISA~", True),
        (b"ISAAC", False),
        (b"{", False),
        ("ISA".encode("cp037"), True),
    ],
)
def test_x12_is_known_by_its_first_letters(body: bytes, is_x12: bool) -> None:
    assert looks_like_x12(body) is is_x12
