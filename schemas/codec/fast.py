"""fastavro, behind its guards: reads what other releases wrote, and judges records that the codecs will not take."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from typing import Any

import fastavro

from schemas.diagnose import problem
from schemas.guard import BadValue, TrailingBytes
from schemas.loader import Json, resolved

LONG = 4 << 10  # bytes of a body that is walked before it is read: fastavro would convert a decimal of any length
MISFITS = (ValueError, TypeError, KeyError, AttributeError, OverflowError, IndexError)


class BadRecord(ValueError):
    """A record of ours does not fit its schema: says which field and value."""


@cache
def parsed(name: str) -> Any:
    """A record of this release, as fastavro takes it."""
    return parse(resolved(name))


def parse(schema: Json) -> Any:
    """A full schema as fastavro takes it, its times as integers: datetimes would cost more than the rest together."""
    return fastavro.parse_schema(_plain_times(schema), _force=True)


def _plain_times(node: Any) -> Any:
    if isinstance(node, list):
        return [_plain_times(branch) for branch in node]
    if not isinstance(node, dict):
        return node
    if node.get("logicalType") == "timestamp-millis":
        return node["type"]
    return {key: value if key == "default" else _plain_times(value) for key, value in node.items()}


class FastReader:
    """Reads what one schema wrote, as this release's record of that name."""

    __slots__ = ("_reader", "_schema", "_writer", "name")

    def __init__(self, name: str, schema: Json, own: bool) -> None:
        self.name, self._schema = name, schema
        self._writer = parsed(name) if own else parse(schema)
        self._reader = None if own else parsed(name)

    def decode(self, data: bytes, start: int) -> Any:
        """The record from `start` to the end; raises a WireError, or an error that `diagnose` names."""
        if len(data) > LONG and (found := problem(data[start:], self._schema)):
            raise found
        stream = io.BytesIO(data)
        stream.seek(start)
        try:
            record = fastavro.schemaless_reader(stream, self._writer, self._reader)
        except fastavro.read.SchemaResolutionError as exc:
            raise BadValue(f"{self.name}: written by a schema this release cannot read: {exc}") from exc
        if stream.tell() != len(data):
            raise TrailingBytes(f"{self.name}: {len(data) - stream.tell()} bytes after the record")
        return record


def encode(name: str, header: bytes, record: Mapping[str, Any]) -> bytes:
    """Header and record; raises BadRecord."""
    out = io.BytesIO()
    out.write(header)
    try:
        fastavro.schemaless_writer(out, parsed(name), record)
    except MISFITS as exc:
        raise BadRecord(f"{name}: {_misfit(name, record) or exc}") from exc
    return out.getvalue()


def judge(name: str, header: bytes, record: Mapping[str, Any]) -> bytes:
    """The same for a record that a codec would not take; raises BadRecord, also for what no codec would read again."""
    written = encode(name, header, record)
    if found := problem(written[len(header) :], resolved(name)):
        raise BadRecord(f"{name}: {found}")
    return written


def _misfit(name: str, record: Mapping[str, Any]) -> str:
    """The first field that does not fit, for the error's sake."""
    for field in resolved(name)["fields"]:
        if field["name"] not in record and "default" not in field:
            return f"field {field['name']} is missing"
    return ""
