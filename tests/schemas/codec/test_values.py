"""Decimals stand in bytes as fastavro puts them there."""

from __future__ import annotations

import io
import time
from decimal import Decimal
from typing import Any

import fastavro
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codec.values import Refused, decimal_from, decimal_to
from schemas.guard import MAX_DECIMAL
from schemas.loader import Json
from tests.schemas.codec.support import all_made, record

WHOLE = st.builds(lambda n, places: Decimal(n).scaleb(-places), st.integers(-(10**19), 10**19), st.integers(0, 8))
DIGITS = st.sampled_from([(18, 6), (4, 2), (9, 0), (18, 18), (30, 4)])


def by_fastavro(precision: int, scale: int) -> Any:
    return fastavro.parse_schema({"type": "bytes", "logicalType": "decimal", "precision": precision, "scale": scale})


def sized(raw: bytes) -> bytes:
    out = io.BytesIO()
    fastavro.schemaless_writer(out, "bytes", raw)
    return out.getvalue()


@given(st.binary(max_size=MAX_DECIMAL), DIGITS)
def test_bytes_are_read_as_fastavro_reads_them_rounding_included(raw: bytes, digits: tuple[int, int]) -> None:
    expected = fastavro.schemaless_reader(io.BytesIO(sized(raw)), by_fastavro(*digits), None)
    assert repr(decimal_from(*digits)(raw)) == repr(expected)


@given(st.decimals(allow_nan=True, allow_infinity=True) | st.decimals(-(10**6), 10**6, places=4), DIGITS)
def test_what_is_written_is_what_fastavro_writes(value: Decimal, digits: tuple[int, int]) -> None:
    try:
        written = decimal_to(*digits)(value)
    except ValueError:
        return
    out = io.BytesIO()
    fastavro.schemaless_writer(out, by_fastavro(*digits), value)
    assert sized(written) == out.getvalue()
    assert len(written) <= MAX_DECIMAL


def priced(precision: int, scale: int) -> Json:
    return record({"type": "bytes", "logicalType": "decimal", "precision": precision, "scale": scale})


@settings(max_examples=400)
@given(st.binary(max_size=MAX_DECIMAL) | st.binary(min_size=7, max_size=9), DIGITS)
def test_every_codec_reads_the_same_decimal(raw: bytes, digits: tuple[int, int]) -> None:
    expected = fastavro.schemaless_reader(io.BytesIO(sized(raw)), by_fastavro(*digits), None)
    for codec in all_made(priced(*digits)):
        assert repr(codec.decode(sized(raw), 0)["f0"]) == repr(expected)


@settings(max_examples=400)
@given(st.decimals() | st.decimals(-(10**6), 10**6, places=4) | WHOLE, DIGITS)
def test_every_codec_writes_the_same_decimal_or_none(value: Decimal, digits: tuple[int, int]) -> None:
    for codec in all_made(priced(*digits)):
        try:
            written = codec.encode(b"", {"f0": value})
        except ValueError:
            continue
        out = io.BytesIO()
        fastavro.schemaless_writer(out, by_fastavro(*digits), value)
        assert written == out.getvalue()


PRICES = ["0", "0.00", "-0", "9.10", "-9.1", "123456789012.123456", "0.000001", "-0.5", "100"]


@pytest.mark.parametrize("text", PRICES)
def test_a_usual_price_needs_no_fastavro(text: str) -> None:
    for codec in all_made(priced(18, 6)):
        assert codec.decode(codec.encode(b"", {"f0": Decimal(text)}), 0)["f0"] == Decimal(text)


UNUSUAL: list[object] = [
    1.5,
    1,
    "1.5",
    None,
    b"1",
    Decimal("NaN"),
    Decimal("Infinity"),
    Decimal("0.0000001"),
    Decimal("1E+3"),
]


@pytest.mark.parametrize("value", UNUSUAL, ids=repr)
def test_what_is_no_usual_decimal_is_left_to_fastavro(value: object) -> None:
    with pytest.raises(ValueError):
        decimal_to(18, 6)(value)


def test_a_decimal_of_a_megabyte_costs_nothing() -> None:
    began = time.process_time()
    with pytest.raises(Refused):
        decimal_from(18, 6)(b"\x7f" * (1 << 20))
    assert time.process_time() - began < 0.1
