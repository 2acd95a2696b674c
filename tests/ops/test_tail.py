"""A record as a person reads it."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any

import orjson
import pytest

from ops.tail import Wish, _wanted, decoded, line
from schemas import wire
from schemas.envelope import Envelope, to_headers
from schemas.generated import orders_v1
from streams.engine.records import Record

NAME = "wharf.orders.v1.ReleaseOrder"
ENVELOPE = Envelope("m-1", "order.release", "wharf/cli", "acme", 1_772_438_400_000, correlation="c-1")
BODY = wire.encode(NAME, orders_v1.release_order(order_id="O-1"))


def record(value: bytes | None = BODY, key: bytes = b"acme|O-1", headers: Any = None) -> Record:
    told = to_headers(ENVELOPE) if headers is None else headers
    return Record("orders.commands", 3, 41, 1_772_438_460_000, key, value, told)


def test_position_time_and_key_are_told() -> None:
    told = decoded(record())
    assert (told["partition"], told["offset"], told["at"]) == (3, 41, "2026-03-02T08:01:00.000Z")
    assert (told["tenant"], told["key"]) == ("acme", "O-1")


def test_the_envelope_is_told_without_its_empty_parts() -> None:
    told = decoded(record())
    assert (told["type"], told["id"], told["correlation"]) == ("order.release", "m-1", "c-1")
    assert told["time"] == "2026-03-02T08:00:00.000Z"
    assert "receipt" not in told


def test_the_data_is_told_as_the_schema_names_it() -> None:
    assert decoded(record())["data"] == {"order_id": "O-1", "actor": ""}


def test_a_tombstone_has_no_data() -> None:
    assert decoded(record(None))["data"] is None


@pytest.mark.parametrize(
    ("value", "reason"),
    [(b"{}", "NotOurs"), (BODY[:-1], "Truncated"), (BODY + b"x", "TrailingBytes"), (b"\0\0\0\0\1x", "UnknownSchema")],
)
def test_bytes_that_are_no_record_are_told_with_the_reason(value: bytes, reason: str) -> None:
    told = decoded(record(value))
    assert told["error"].startswith(reason)
    assert base64.b64decode(told["raw"]) == value


def test_a_record_without_an_envelope_shows_its_headers() -> None:
    told = decoded(record(headers=[("ce_id", b"1"), ("x", b"y")]))
    assert "ce_type is missing" in told["error"]
    assert told["headers"] == {"ce_id": "1", "x": "y"}


def test_money_and_bytes_have_a_form_in_json() -> None:
    assert orjson.loads(line({"price": Decimal("9.50"), "body": b"\x00\x01"})) == {"price": "9.50", "body": "AAE="}


def test_what_has_no_form_in_json_is_a_bug() -> None:
    with pytest.raises(TypeError, match="object"):
        line({"x": object()})


@pytest.mark.parametrize(
    ("wish", "shown"),
    [
        (Wish(), True),
        (Wish(key="O-1"), True),
        (Wish(key="O-2"), False),
        (Wish(kind="order.release"), True),
        (Wish(kind="order.place"), False),
        (Wish(key="O-1", kind="order.place"), False),
    ],
)
def test_only_what_was_wished_for_is_shown(wish: Wish, shown: bool) -> None:
    assert _wanted(decoded(record()), wish) is shown
