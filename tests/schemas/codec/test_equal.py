"""Both codecs write what fastavro writes, byte for byte, and read what it reads, value for value."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.codec.plan import Plan
from schemas.settings import CodecKind
from tests.schemas.codec.support import (
    HEADER,
    KINDS,
    NAMES,
    START,
    codec_for,
    codecs,
    plan,
    read_by,
    read_by_fastavro,
    written_by,
    written_by_fastavro,
)
from tests.support.avro import damaged, nearly, values

USUAL = {
    "boolean": True, "int": -70, "long": 2**40, "string": "grün", "bytes": b"\x00\xff", "decimal": Decimal("-12.50")
}  # fmt: skip
EACH = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))


def typed(value: Any) -> Any:
    """A value with the types in it, and decimals with their places: 1 is not True, 9.1 is not 9.10."""
    if isinstance(value, dict):
        return [(key, typed(item)) for key, item in value.items()]
    if isinstance(value, list):
        return [typed(item) for item in value]
    return type(value), repr(value)


@pytest.mark.parametrize("name", NAMES)
@EACH
@given(data=st.data())
def test_a_record_is_written_and_read_as_fastavro_does(name: str, data: st.DataObject) -> None:
    record = data.draw(values(plan(name)))
    written = written_by_fastavro(name, record)
    assert written is not None
    expected = typed(read_by_fastavro(name, written[START:]))
    for codec in codecs(name):
        assert written_by(codec, record) in (written, None)  # None: a decimal with an exponent, which fastavro writes
        assert typed(codec.decode(written, START)) == expected


@pytest.mark.parametrize("name", NAMES)
@EACH
@given(data=st.data())
def test_what_is_written_of_an_odd_record_is_what_fastavro_writes(name: str, data: st.DataObject) -> None:
    record = data.draw(nearly(plan(name)))
    for codec in codecs(name):
        written = written_by(codec, record)
        assert written is None or written == written_by_fastavro(name, record)


@pytest.mark.parametrize("name", NAMES)
@EACH
@given(data=st.data())
def test_damaged_bytes_are_read_or_refused_as_by_fastavro_and_its_guards(name: str, data: st.DataObject) -> None:
    written = written_by_fastavro(name, data.draw(values(plan(name))))
    assert written is not None
    body = data.draw(damaged(written[START:]))
    expected = typed(read_by_fastavro(name, body))
    for codec in codecs(name):
        assert typed(read_by(codec, name, body)) == expected


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_a_usual_record_needs_no_fastavro(name: str, kind: CodecKind) -> None:
    usual = filled(plan(name))
    assert codec_for(name, kind).encode(HEADER, usual) == written_by_fastavro(name, usual)


def filled(node: Plan) -> Any:
    """A value with something in each of its fields."""
    match node.kind:
        case "record":
            return {name: filled(part) for name, part in zip(node.names, node.parts, strict=True)}
        case "optional":
            return filled(node.part)
        case "array":
            return [filled(node.part)] * 2
        case "map":
            return {"key": filled(node.part)}
    return USUAL[node.kind]
