"""Cancel wishes: the JSON of POST /v1/orders/{order_id}/cancel."""

from __future__ import annotations

import pytest

from adapters.channels.readers import cancels
from adapters.channels.readers.document import Accepted, Document, Rejected
from adapters.channels.readers.order import RawCancel, RawCancelLine


def read(body: bytes) -> Accepted[RawCancel] | Rejected:
    (result,) = cancels.read(Document(body, "order-cancel", "portal", target="o-1")).results
    return result


def wish(body: bytes) -> RawCancel:
    result = read(body)
    assert isinstance(result, Accepted), result
    return result.value


@pytest.mark.parametrize("body", [b"", b"{}", b'{"lines":[]}', b'{"reason":null}'])
def test_nothing_said_cancels_the_whole_order(body: bytes) -> None:
    assert wish(body) == RawCancel("o-1")


def test_the_reason_is_kept() -> None:
    assert wish(b'{"reason":"changed my mind"}').reason == "changed my mind"


def test_some_lines_in_part() -> None:
    told = wish(b'{"lines":[{"line":"1","quantity":"4"},{"line":"2"}]}')
    assert told.lines == (RawCancelLine("1", 4), RawCancelLine("2"))


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        (b'{"lines":[{"quantity":"4"}]}', "WH1105", "/lines/0/line"),
        (b'{"lines":[{"line":"1","quantity":"0"}]}', "WH1107", "/lines/0/quantity"),
        (b'{"lines":[{"line":"1","quantity":"-1"}]}', "WH1107", "/lines/0/quantity"),
        (b'{"lines":[{"line":"1","quantity":"1.5"}]}', "WH1106", "/lines/0/quantity"),
        (b'{"cause":"x"}', "WH1104", "/cause"),
        (b'{"lines":{}}', "WH1106", "/lines"),
        (b"[]", "WH1106", ""),
        (b"nonsense", "WH1101", ""),
    ],
)
def test_a_wish_that_is_unclear_is_refused_with_its_place(body: bytes, code: str, pointer: str) -> None:
    result = read(body)
    assert isinstance(result, Rejected) and (result.code, result.place.pointer) == (code, pointer)
