"""A writer's schema is checked once, when it is loaded: afterwards no body can exhaust the decoder."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.diagnose import diagnose
from schemas.guard import AbsurdLength, BadValue, Truncated, UnsafeSchema, check_schema
from schemas.loader import records, resolved


def record(*fields: Any, name: str = "R") -> dict[str, Any]:
    return {
        "type": "record",
        "namespace": "n",
        "name": name,
        "fields": [{"name": f"f{i}", "type": f} for i, f in enumerate(fields)],
    }


def nested(depth: int) -> Any:
    node: Any = "int"
    for _ in range(depth):
        node = {"type": "array", "items": node}
    return record(node)


EMPTY = record(name="Empty")
UNSAFE = [
    (record(["null", "n.R"]), "contains itself"),
    (record({"type": "array", "items": "null"}), "no bytes"),
    (record({"type": "array", "items": EMPTY}), "no bytes"),
    (record({"type": "array", "items": {"type": "array", "items": "null"}}), "no bytes"),
    (record(EMPTY, {"type": "array", "items": "n.Empty"}), "no bytes"),
    (record({"type": "fixed", "name": "F", "size": 0}), "size 0"),
    (nested(40), "deeper"),
    (record(*(["int"] * 2_100)), "nodes"),
    (record(*[{"type": "int", "doc": "x" * 1_000}] * 300), "bytes"),
]


@pytest.mark.parametrize(("schema", "says"), UNSAFE)
def test_a_schema_that_could_exhaust_the_decoder_is_refused(schema: Any, says: str) -> None:
    with pytest.raises(UnsafeSchema, match=says):
        check_schema(schema)


@pytest.mark.parametrize("name", sorted(records()))
def test_every_schema_of_the_contract_is_safe(name: str) -> None:
    assert check_schema(resolved(name)) is None


def test_arrays_of_arrays_and_maps_are_allowed() -> None:
    check = check_schema(record({"type": "map", "values": {"type": "array", "items": "int"}}))
    assert check is None


COLOUR = {"type": "enum", "name": "Colour", "symbols": ["RED"]}
BODIES: list[tuple[Any, bytes, type[Exception], str]] = [
    (record({"type": "array", "items": "int"}), b"\x80\x94\xeb\xdc\x03", AbsurdLength, "f0"),
    (record({"type": "array", "items": "int"}), b"\x01\x80\x80\x80\x80\x08", AbsurdLength, "f0"),
    (record({"type": "map", "values": "int"}), b"\x02\x02", Truncated, "f0"),
    (record(["null", "int"]), b"\x04", BadValue, "branch 2"),
    (record(["null", "int"]), b"\x01", BadValue, "branch -1"),
    (record(COLOUR), b"\x02", BadValue, "symbol"),
    (record({"type": "fixed", "name": "F", "size": 4}), b"\x00", Truncated, "f0"),
    (record("double"), b"\x00", Truncated, "f0"),
    (record("int", "string"), b"\x02\x04\xff\xff", BadValue, "f1"),
]


@pytest.mark.parametrize(("schema", "body", "error", "says"), BODIES)
def test_a_refused_body_is_diagnosed_with_field_and_reason(schema: Any, body: bytes, error: Any, says: str) -> None:
    found = diagnose(body, schema)
    assert isinstance(found, error)
    assert says in str(found)
