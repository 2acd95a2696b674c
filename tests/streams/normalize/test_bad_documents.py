"""Bad input: the sender gets a receipt that says what was expected and where; nothing else is lost."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.channels.readers.recognise import KINDS
from schemas.canonical import canonical
from schemas.errors import catalogue
from schemas.generated import orders_v1
from streams.normalize.weight import weight
from streams.notify.words import lines_of
from tests.adapters.channels.x12_text import interchange, order_850, po1
from tests.streams.normalize.desk import RETX, codes, commands, document, handed_in, portal_order, receipt, rows


def x12(*sets: Any) -> bytes:
    return interchange(*sets).encode()


BAD: dict[str, tuple[Any, str, str]] = {
    "malformed JSON": (b'{"number":', "orders", "WH1101"),
    "wrong schema": ({"order": {"id": 7}}, "orders", "WH1105"),
    "negative quantity": (portal_order({"line": "1", "product": {"sku": "A"}, "quantity": "-4"}), "orders", "WH1107"),
    "negative quantity in X12": (x12(order_850("1", po1("1", "-4"))), "documents", "WH1209"),
    "no order in it": (x12(order_850("1", po1(), beg=("XYZ", "1"))), "documents", "WH1206"),
    "another X12": (x12([("ST", "810", "1"), ("BIG", "1"), ("SE", "3", "1")]), "documents", "WH1005"),
    "unreadable delimiters": (b"ISA*00*00~", "documents", "WH1202"),
    "no known kind": (b"<Order/>", "documents", "WH1001"),
    "nothing": (b"", "documents", "WH1002"),
    "not UTF-8": (b'{"number":"\xff"}', "orders", "WH1007"),
    "too deep": (b"[" * 50, "orders", "WH1102"),
    "an event without identity": ({"kind": "counted"}, "inventory-events", "WH1105"),
    "an unknown resource": (b"%PDF-1.7", "invoices-by-mail", "WH1001"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_document_gives_a_receipt_with_the_reason_and_no_command(name: str) -> None:
    body, resource, code = BAD[name]
    effects = handed_in(document(body, resource, "edi"))
    told = receipt(effects)
    assert told["state"] == "rejected" and code in codes(told["problems"]) and commands(effects) == []


@pytest.mark.parametrize("name", BAD)
def test_every_reason_has_a_page_and_says_what_was_expected(name: str) -> None:
    body, resource, _ = BAD[name]
    problems = receipt(handed_in(document(body, resource, "edi")))["problems"]
    assert set(codes(problems)) <= set(catalogue()) and any("expected" in problem["message"] for problem in problems)


def many(count: int) -> list[dict[str, Any]]:
    return [{"line": str(number), "product": {"sku": "WIDGET-A"}, "quantity": "1"} for number in range(count)]


def test_a_thousand_lines_are_an_order() -> None:
    assert len(commands(handed_in(document(portal_order(*many(1000)))))[0].record["content"]["lines"]) == 1000


def test_ten_thousand_lines_are_refused_by_name() -> None:
    effects = handed_in(document(portal_order(*many(10_000))))
    (problem,) = receipt(effects)["problems"]
    assert commands(effects) == [] and problem["code"] == "WH1006" and problem["document"] == "P-1001"
    assert "1000" in problem["message"] and "10000" in problem["message"]


def test_ten_thousand_lines_of_x12_are_refused_by_name() -> None:
    body = x12(order_850("1", *(po1(str(number)) for number in range(10_000))))
    assert codes(receipt(handed_in(document(body, "documents", "edi")))["problems"]) == ["WH1006"]


def generous() -> Any:
    return rows(**{"partners|portal": {**rows().get("partners|portal"), "max_lines": 20_000}})


def test_a_profile_may_allow_more() -> None:
    assert len(commands(handed_in(document(portal_order(*many(2_500))), generous()))) == 1


def test_no_profile_allows_more_than_one_message_can_tell() -> None:
    effects = handed_in(document(portal_order(*many(10_000))), generous())
    (problem,) = receipt(effects)["problems"]
    assert (commands(effects), problem["code"]) == ([], "WH1006") and "10000 lines" in problem["message"]


def test_lines_weigh_what_is_told_of_them_later() -> None:
    for sku in ("WIDGET-A", '"' * 128, "Ł" * 128):
        line = orders_v1.order_line(line="1", channel_line="1", sku=sku, quantity=10**6)
        told = canonical(lines_of([orders_v1.line_state(line="1", sku=sku, ordered=10**6, shipped=10**6)]))
        assert len(told) < weight([line]) < 2 * len(told)


def test_wrong_counts_are_warnings_for_most_partners() -> None:
    body = x12(order_850("1", po1())).replace(b"SE*5*", b"SE*50*").replace(b"GE*1*", b"GE*9*")
    effects = handed_in(document(body, "documents", "edi"))
    assert len(commands(effects)) == 1 and codes(receipt(effects)["warnings"]) == ["WH1204", "WH1204"]


def test_wrong_counts_refuse_the_order_of_a_strict_partner() -> None:
    body = x12(order_850("1", po1())).replace(b"SE*5*", b"SE*50*")
    effects = handed_in(
        document(body, "documents", "edi"), rows(**{"partners|retx": {**RETX, "strict_envelope": True}})
    )
    assert commands(effects) == [] and codes(receipt(effects)["problems"]) == ["WH1204"]


def test_a_document_with_thousands_of_orders_is_refused_so_that_effects_are_bounded() -> None:
    body = x12(*(order_850(str(number), po1()) for number in range(1001)))
    effects = handed_in(document(body, "documents", "edi"))
    assert commands(effects) == [] and codes(receipt(effects)["problems"]) == ["WH1004"]


def test_a_receipt_does_not_grow_with_what_is_wrong() -> None:
    body = [{"kind": "counted"}] * 1000
    assert len(receipt(handed_in(document(body, "inventory-events")))["problems"]) <= 200


def test_an_unknown_unit_parks_its_line_for_a_person() -> None:
    effects = handed_in(
        document(portal_order({"line": "1", "product": {"sku": "WIDGET-A"}, "quantity": "1", "unit": "HANDS"}))
    )
    (one,) = commands(effects)[0].record["content"]["lines"]
    assert one["problem"] == "unit_ambiguous" and codes(receipt(effects)["warnings"]) == ["WH1308"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_object_of_nonsense_is_refused_by_every_reader(kind: str) -> None:
    assert receipt(handed_in(document({"nonsense": [1, {"a": None}]}, kind)))["state"] == "rejected"
