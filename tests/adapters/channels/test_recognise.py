"""What kind of document it is: the resource says so, else the content shows it."""

from __future__ import annotations

import pytest

from adapters.channels.readers import recognise
from adapters.channels.readers.document import Document
from tests.adapters.channels.x12_text import interchange, order_850, po1

X12 = interchange(order_850("1", po1())).encode()


def kind(body: bytes, resource: str = "documents", media_type: str = "") -> str:
    return recognise.read(Document(body, resource, "edi", media_type)).kind


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (X12, "x12-850"),
        (b"\xef\xbb\xbf" + X12, "x12-850"),
        (b'{"number":"P-1","lines":[]}', "order"),
        (b'  {"lines":7}', "order"),
        (b'{"kind":"counted"}', "stock"),
        (b'[{"kind":"received"},{}]', "stock"),
        (b'{"kind":"dispatched"}', "shipment"),
        (b'{"kind":"milestone"}', "shipment"),
        (b'{"kind":"posted"}', "invoice"),
    ],
)
def test_the_content_shows_the_kind(body: bytes, expected: str) -> None:
    assert kind(body) == expected


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("orders", "order"),
        ("order-cancel", "cancel"),
        ("inventory-events", "stock"),
        ("shipment-events", "shipment"),
        ("invoice-events", "invoice"),
        ("x12", "x12-850"),
    ],
)
def test_the_resource_decides_whatever_the_content(resource: str, expected: str) -> None:
    assert kind(b"{}", resource) == expected


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "WH1002"),
        (b" \n ", "WH1002"),
        (b"UNB+UNOA:1+A+B'", "WH1001"),
        (b"<?xml version='1.0'?><Order/>", "WH1001"),
        (b"sku;qty\nA;1", "WH1001"),
        (b'{"kind":"stolen"}', "WH1001"),
        (b'{"kind":["counted"]}', "WH1001"),
        (b'{"hello":"world"}', "WH1001"),
        (b"[]", "WH1001"),
        (b"[7]", "WH1001"),
        (b'{"lines":', "WH1101"),
        (b'{"lines":1,"lines":2}', "WH1103"),
        (b"ISA*00*", "WH1202"),
    ],
)
def test_what_nobody_can_read_is_refused_with_what_was_expected(body: bytes, code: str) -> None:
    (refusal,) = recognise.read(Document(body)).refused
    assert (refusal.code == code and "expected" in refusal.message) or refusal.code == "WH1103"


def test_a_media_type_of_json_is_believed_when_the_body_is_odd() -> None:
    (refusal,) = recognise.read(Document(b"number=1", media_type="application/json")).refused
    assert refusal.code == "WH1101"
