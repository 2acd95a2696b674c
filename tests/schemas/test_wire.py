"""Decoding never trusts bytes; encoding says which field does not fit."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas import guard, ids, wire
from schemas.generated import inventory_v1, orders_v1
from schemas.settings import CodecKind
from tests.schemas.codec.support import KINDS, using

RESERVE = "wharf.inventory.v1.Reserve"


@pytest.fixture(scope="module", autouse=True, params=[*KINDS, pytest.param(CodecKind.FASTAVRO, id="fastavro")])
def kind(request: pytest.FixtureRequest) -> Iterator[CodecKind]:
    """Everything here holds with every kind of codec."""
    with using(request.param):
        yield request.param


def a_reserve(**changes: Any) -> inventory_v1.Reserve:
    lines = [inventory_v1.reserve_line(line="1", quantity=3), inventory_v1.reserve_line(line="2", quantity=5)]
    made = inventory_v1.reserve(sku="WIDGET-A", holder="o-1", attempt=1, channel="portal", lines=lines, expires_at=7)
    return {**made, **changes}  # type: ignore[typeddict-item]


def header(schema_id: int) -> bytes:
    return struct.pack(">bI", 0, schema_id)


GOOD = wire.encode(RESERVE, a_reserve())
HEADER = GOOD[:5]


def test_what_was_written_is_read() -> None:
    assert wire.decode(GOOD) == (RESERVE, a_reserve())


def test_a_price_comes_back_as_the_same_decimal() -> None:
    line = orders_v1.order_line(line="1", quantity=2, price=Decimal("9.10"))
    assert wire.decode(wire.encode("wharf.orders.v1.OrderLine", line))[1]["price"] == Decimal("9.10")


def test_the_id_on_the_wire_is_the_content_address() -> None:
    assert struct.unpack(">bI", HEADER) == (0, ids.current_ids()[RESERVE])


BAD = [
    (b"", guard.NotOurs, "nothing"),
    (b"\x01" + GOOD[1:], guard.NotOurs, "wire header"),
    (GOOD[:4], guard.NotOurs, "wire header"),
    (header(1) + GOOD[5:], guard.UnknownSchema, "0x1"),
    (GOOD[:-3], guard.Truncated, "ends after"),
    (HEADER, guard.Truncated, ".sku"),
    (GOOD + b"x", guard.TrailingBytes, "1 bytes after"),
    (HEADER + b"\xfe\xff\xff\xff\xff\xff\xff\x7f" + b"abc", guard.AbsurdLength, "announced"),
    (HEADER + b"\x01abc", guard.AbsurdLength, "-1 announced"),
    (HEADER + b"\xff" * 12, guard.BadValue, "ten bytes"),
    (HEADER + b"\x04\xff\xfe" + GOOD[5:], guard.BadValue, "UTF-8"),
    (b"\x00" * (guard.MAX_MESSAGE + 1), guard.TooLarge, "at most"),
]


@pytest.mark.parametrize(("data", "error", "says"), BAD)
def test_each_defect_of_a_message_has_its_own_error(data: bytes, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        wire.decode(data)


def test_an_absurd_block_count_is_refused_before_it_costs_anything() -> None:
    body = wire.encode(RESERVE, a_reserve(lines=[]))
    at = len(body) - 3  # the empty block, then from_holder and wake_id, both empty
    with pytest.raises(guard.AbsurdLength, match=r"lines"):
        wire.decode(body[:at] + b"\x80\x94\xeb\xdc\x03" + body[at + 1 :])


def test_a_schema_of_another_subject_is_refused() -> None:
    with pytest.raises(guard.SchemaNotAllowed, match=RESERVE):
        wire.decode(GOOD, allowed={"wharf.orders.v1.PlaceOrder"})


MISFITS: list[tuple[dict[str, Any], str]] = [
    ({"attempt": "one"}, "attempt"),
    ({"lines": [{"line": "1"}]}, "quantity"),
    ({"sku": None}, "sku"),
    ({"expires_at": "tomorrow"}, "expires_at"),
]


@pytest.mark.parametrize(("changes", "field"), MISFITS)
def test_a_record_that_does_not_fit_names_the_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(wire.BadRecord, match=field):
        wire.encode(RESERVE, a_reserve(**changes))


def test_a_missing_field_is_named() -> None:
    record = {key: value for key, value in a_reserve().items() if key != "holder"}
    with pytest.raises(wire.BadRecord, match="holder"):
        wire.encode(RESERVE, record)


def test_a_field_left_out_is_written_with_its_default() -> None:
    record = {key: value for key, value in a_reserve().items() if key != "mode"}
    assert wire.decode(wire.encode(RESERVE, record))[1] == a_reserve(mode="partial")


def test_a_field_too_many_is_left_out() -> None:
    assert wire.encode(RESERVE, {**a_reserve(), "colour": "red"}) == GOOD


def test_what_is_no_dict_but_a_mapping_is_written_all_the_same() -> None:
    assert wire.encode(RESERVE, MappingProxyType(a_reserve(lines=tuple(a_reserve()["lines"])))) == GOOD


@pytest.mark.parametrize("price", ["1E+200", "1E+700"])
def test_what_could_not_be_read_again_is_not_written(price: str, kind: CodecKind) -> None:
    line = {**orders_v1.order_line(line="1", quantity=2), "price": Decimal(price)}
    if kind is not CodecKind.FASTAVRO:
        with pytest.raises(wire.BadRecord, match="price"):
            wire.encode("wharf.orders.v1.OrderLine", line)


def test_a_record_mentioned_again_is_diagnosed_where_the_first_mention_is_an_empty_array() -> None:
    name = "wharf.orders.v1.ShipmentCounted"
    short = orders_v1.line_quantity(line="1", sku="A", quantity=1)
    record = orders_v1.shipment_counted(order_id="o", seq=1, shipment="s", event_id="e", at=1, short=[short])
    with pytest.raises(guard.Truncated, match="short"):
        wire.decode(wire.encode(name, record)[:-1])


def test_a_float_is_no_money() -> None:
    line = {**orders_v1.order_line(line="1", quantity=2), "price": 9.5}
    with pytest.raises(wire.BadRecord, match="price"):
        wire.encode("wharf.orders.v1.OrderLine", line)


@given(st.binary(max_size=80))
@example(b"\x02A\x00\x00\x00\x00\x00")
def test_foreign_bytes_give_a_record_or_a_named_error(body: bytes) -> None:
    try:
        name, _ = wire.decode(HEADER + body)
    except guard.WireError as exc:
        assert str(exc)
    else:
        assert name == RESERVE


@settings(max_examples=400)
@given(st.integers(5, len(GOOD) - 1), st.binary(min_size=1, max_size=6))
def test_a_damaged_message_is_read_as_what_it_says_or_refused_by_name(at: int, noise: bytes) -> None:
    damaged = GOOD[:at] + noise + GOOD[at + len(noise) :]
    try:
        _, record = wire.decode(damaged)
    except guard.WireError as exc:
        assert str(exc)
    else:
        assert set(record) == set(a_reserve())


@given(st.text(max_size=20), st.integers(-(2**63), 2**63 - 1), st.none() | st.integers(0, 2**53))
def test_every_value_survives_the_wire(sku: str, quantity: int, expires: int | None) -> None:
    record = a_reserve(sku=sku, lines=[inventory_v1.reserve_line(line="1", quantity=quantity)], expires_at=expires)
    assert wire.decode(wire.encode(RESERVE, record))[1] == record
