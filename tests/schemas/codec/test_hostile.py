"""No bytes cost more memory or time than their size, end the process, or are read as what they do not say."""

from __future__ import annotations

import time
import tracemalloc
from typing import Any

import pytest

from schemas.codec import Codec
from schemas.diagnose import problem
from schemas.guard import MAX_MESSAGE, AbsurdLength, BadValue, TrailingBytes, Truncated
from schemas.loader import Json
from schemas.settings import CodecKind
from tests.schemas.codec.support import HEADER, KINDS, REFUSALS, START, made, record

LINE = record("long", "string", name="Line")
LINES = record({"type": "array", "items": LINE}, {"type": "array", "items": "n.Line"})
COLOUR = {"type": "enum", "name": "Colour", "symbols": ["RED", "GREEN"]}
PRICE = {"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": 6}
INTS, TEXTS = {"type": "array", "items": "int"}, {"type": "map", "values": "string"}
NINE = b"\xff" * 9

GOOD: list[tuple[Json, bytes, list[Any]]] = [
    (record("long"), NINE + b"\x01", [-(2**63)]),
    (record("long"), b"\x80\x00", [0]),
    (record("boolean"), b"\x07", [True]),
    (record(COLOUR), b"\x02", ["GREEN"]),
    (record(["string", "null"]), b"\x02", [None]),
    (record(["string", "null"]), b"\x00\x02a", ["a"]),
    (record(["null", "string"]), b"\x82\x00\x02a", ["a"]),
    (record(INTS), b"\x03\x04\x02\x04\x00", [[1, 2]]),
    (record(INTS), b"\x02\x02\x02\x04\x00", [[1, 2]]),
    (record(INTS), b"\x80\x00", [[]]),
    (record(TEXTS), b"\x04\x02a\x02x\x02a\x02y\x00", [{"a": "y"}]),
    (LINES, b"\x00\x02\x02\x02a\x00", [[], [{"f0": 1, "f1": "a"}]]),
]
BAD: list[tuple[Json, bytes, type[Exception]]] = [
    (record("long"), b"", Truncated),
    (record("long"), b"\x80", Truncated),
    (record("long"), NINE + b"\x02", BadValue),
    (record("long"), b"\x80" * 10 + b"\x00", BadValue),
    (record("boolean"), b"", Truncated),
    (record("string"), b"\x04a", Truncated),
    (record("string"), b"\x01", AbsurdLength),
    (record("string"), NINE + b"\x01", AbsurdLength),
    (record("string"), b"\xfe" + b"\xff" * 8 + b"\x01", AbsurdLength),
    (record("string"), b"\x06\xed\xa0\x80", BadValue),
    (record("bytes"), b"\x02", Truncated),
    (record(PRICE), b"\x82\x01" + b"\x01" * 65, AbsurdLength),
    (record(COLOUR), b"\x04", BadValue),
    (record(COLOUR), b"\x01", BadValue),
    (record(["null", "long"]), b"\x04", BadValue),
    (record(["null", "long"]), b"\x01\x02", BadValue),
    (record(["null", "long"]), b"\x03", BadValue),
    (record(INTS), b"\x02\x02", Truncated),
    (record(INTS), b"\x80\x94\xeb\xdc\x03", AbsurdLength),
    (record(INTS), NINE + b"\x01\x00\x00", AbsurdLength),
    (record(INTS), b"\x03\x7f\x02\x04\x00", AbsurdLength),
    (record(TEXTS), b"\x02\x02a", Truncated),
    (record(TEXTS), b"\x02\x02\xff\x00\x00", BadValue),
    (record("long"), b"\x00\x00", TrailingBytes),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("schema", "body", "values"), GOOD)
def test_what_is_legal_is_read_however_it_is_written(
    schema: Json, body: bytes, values: list[Any], kind: CodecKind
) -> None:
    assert list(made(schema, kind).decode(HEADER + body, START).values()) == values
    assert problem(body, schema) is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("schema", "body", "error"), BAD)
def test_what_is_not_is_refused_and_has_a_name(
    schema: Json, body: bytes, error: type[Exception], kind: CodecKind
) -> None:
    with pytest.raises(REFUSALS):
        made(schema, kind).decode(HEADER + body, START)
    assert type(problem(body, schema)) is error


def peak(codec: Codec, body: bytes) -> tuple[int, float]:
    """Bytes at most and CPU seconds that it takes to refuse a body."""
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(REFUSALS):
        codec.decode(HEADER + body, START)
    taken, (_, most) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most, taken


HUGE = b"\xfe" + b"\xff" * 8 + b"\x01"  # 2**63 - 1
FLOODS = [
    (record(INTS), HUGE + b"\x00" * 1_000),
    (record({"type": "array", "items": LINE}), HUGE + b"\x00" * 1_000),
    (record(TEXTS), HUGE + b"\x00" * 1_000),
    (record("string"), HUGE + b"a" * 1_000),
    (record("bytes"), b"\x80\x80\x80\x80\x08" + b"a" * 1_000),
    (record(PRICE), b"\x80\x80\x80\x80\x08" + b"a" * 1_000),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("schema", "body"), FLOODS)
def test_what_a_length_announces_is_not_allocated(schema: Json, body: bytes, kind: CodecKind) -> None:
    most, _ = peak(made(schema, kind), body)
    assert most < 64 << 10


@pytest.mark.parametrize("kind", KINDS)
def test_the_largest_message_is_refused_in_time_and_memory_of_its_size(kind: CodecKind) -> None:
    empty = (MAX_MESSAGE - 10) // 2
    count = bytearray()
    bits = 2 * (empty + 5)
    while bits > 127:
        count.append(bits & 127 | 128)
        bits >>= 7
    body = bytes(count) + bytes([bits]) + b"\x00" * (2 * empty)
    most, taken = peak(made(record({"type": "array", "items": LINE}), kind), body)
    assert most < 400 * len(body)
    assert taken < 10


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("start", [-1, 4, 2**40])
def test_a_start_outside_the_message_is_refused(start: int, kind: CodecKind) -> None:
    with pytest.raises(REFUSALS):
        made(record("long", "long"), kind).decode(b"\x00\x00\x00", start)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [{}, [], None, 1, "text", {"f0": float("nan")}, {"f0": 2**63}, {"f0": -(2**63) - 1}])
def test_what_is_no_such_record_is_left_to_fastavro(value: Any, kind: CodecKind) -> None:
    with pytest.raises(REFUSALS):
        made(record("long"), kind).encode(HEADER, value)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [0, 63, 64, 1_013, 1_024, 5_000, 300_000])
def test_a_record_of_any_size_is_written(size: int, kind: CodecKind) -> None:
    codec = made(record("string", TEXTS, ["null", COLOUR]), kind)
    value = {"f0": "x" * size, "f1": {"k": "ö" * size}, "f2": "GREEN"}
    assert codec.decode(codec.encode(HEADER, value), START) == value


@pytest.mark.parametrize("kind", KINDS)
def test_half_a_character_is_refused(kind: CodecKind) -> None:
    with pytest.raises(UnicodeEncodeError):
        made(record("string"), kind).encode(HEADER, {"f0": "\ud800"})
