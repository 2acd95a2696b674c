"""The JSON of reservations, their extension and release."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from adapters.channels.readers import recognise
from adapters.channels.readers.document import Document
from adapters.channels.readers.reservations import (
    CAP_S,
    DEFAULT_S,
    EXTEND,
    HOLD,
    RELEASE,
    RawExtend,
    RawHold,
    RawHoldLine,
    RawRelease,
)

LINE = {"line": "1", "sku": "A", "quantity": "2"}
CART: dict[str, Any] = {"channel": "web", "cart": "c-1", "lines": [LINE]}


def read(body: Any, resource: str = HOLD) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return recognise.read(Document(raw, resource=resource, channel="web", target="r-1"))


def problem(body: Any, resource: str = HOLD) -> tuple[str, str]:
    """Code and pointer of the only thing that is wrong."""
    [refused] = read(body, resource).refused
    assert len(refused.problems) == 1
    return refused.code, refused.place.pointer


def test_a_cart_is_read_with_its_defaults() -> None:
    [accepted] = read(CART).accepted
    assert accepted.value == RawHold("r-1", "c-1", (RawHoldLine("1", "A", Decimal(2)),), False, DEFAULT_S)


def test_a_cart_is_read_with_all_that_it_says() -> None:
    [accepted] = read({**CART, "allow_partial": True, "expires_in": 60, "lines": [{**LINE, "unit": "XCS"}]}).accepted
    assert (accepted.value.allow_partial, accepted.value.expires_in, accepted.value.lines[0].unit) == (True, 60, "XCS")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"cart": ""}, ("WH1105", "/cart")),
        ({"lines": []}, ("WH1109", "/lines")),
        ({"lines": [{**LINE, "quantity": "-1"}]}, ("WH1107", "/lines/0/quantity")),
        ({"lines": [{**LINE, "quantity": "1e3"}]}, ("WH1106", "/lines/0/quantity")),
        ({"lines": [{**LINE, "sku": ""}]}, ("WH1105", "/lines/0/sku")),
        ({"lines": [LINE, LINE]}, ("WH1107", "/lines/1/line")),
        ({"expires_in": 0}, ("WH1107", "/expires_in")),
        ({"expires_in": -1}, ("WH1107", "/expires_in")),
        ({"expires_in": CAP_S + 1}, ("WH1107", "/expires_in")),
        ({"expires_in": "soon"}, ("WH1106", "/expires_in")),
        ({"allow_partial": "yes"}, ("WH1106", "/allow_partial")),
        ({"colour": "red"}, ("WH1104", "/colour")),
    ],
)
def test_what_is_wrong_with_a_cart_is_said_with_its_place(change: Any, expected: tuple[str, str]) -> None:
    assert problem({**CART, **change}) == expected


def test_a_body_that_is_no_json_is_refused() -> None:
    assert problem(b"{") == ("WH1101", "")


def test_an_extension_says_for_how_long() -> None:
    assert read({"expires_in": 60}, EXTEND).accepted[0].value == RawExtend("r-1", 60)
    assert problem({"expires_in": CAP_S + 1}, EXTEND) == ("WH1107", "/expires_in")


@pytest.mark.parametrize(("body", "reason"), [(b"", ""), (b"{}", ""), (b'{"reason":"sold out"}', "sold out")])
def test_a_release_may_say_why(body: bytes, reason: str) -> None:
    assert read(body, RELEASE).accepted[0].value == RawRelease("r-1", reason)


def test_a_release_of_unknown_fields_is_refused() -> None:
    assert problem({"lines": []}, RELEASE) == ("WH1104", "/lines")
