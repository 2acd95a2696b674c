"""Records that no honest program writes, for any topic: what they are and what every reader has to call them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import fastavro

from schemas import ids, wire
from schemas.envelope import MAX_HEADER, Envelope, Headers, to_headers
from schemas.guard import MAX_MESSAGE
from schemas.loader import names_on, records, resolved
from schemas.topics import key_of

DIED = "wharf.dead.v1.CommandDied"  # may stand in any mailbox
ZERO: Mapping[str, Any] = {
    "string": "",
    "bytes": b"",
    "int": 0,
    "long": 0,
    "boolean": False,
    "null": None,
    "double": 0.0,
}
HUGE = b"\xfe\xff\xff\xff\x0f"  # zigzag varint: two thousand million
MUCH = 100_000  # bytes: more than any honest key or header, and little enough for a broker in memory


@dataclass(frozen=True, slots=True)
class Poison:
    """One bad record, and the error that names it; `reference` is what readers of compacted topics call it."""

    name: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    error: str
    reference: str | None


def plain(name: str) -> dict[str, Any]:
    """The record with nothing in it."""
    found: dict[str, Any] = _nothing(resolved(name))
    return found


def of(topic: str) -> Iterator[Poison]:
    """Every kind of poison, made for this topic."""
    own = next(iter(sorted(names_on(topic))), DIED)
    event = records()[own].type
    key = key_of("acme", "poison").encode()
    good, body = _headers(event), wire.encode(own, plain(own))
    foreign = "wharf.reference.v1.ApiKey" if own != "wharf.reference.v1.ApiKey" else "wharf.reference.v1.Location"

    def one(name: str, error: str, *, reference: str | None = "", **bent: Any) -> Poison:
        made = {"key": key, "value": body, "headers": good, **bent}
        return Poison(name, made["key"], made["value"], made["headers"], error, error if reference == "" else reference)

    yield one("no wire header", "NotOurs", value=b"junk")
    yield one("an empty value", "NotOurs", value=b"")
    yield one("an unknown schema id", "UnknownSchema", value=b"\x00\x7f\xff\xff\xff" + body[5:])
    yield one("a schema of another subject", "SchemaNotAllowed", value=wire.encode(foreign, plain(foreign)))
    yield one("a truncated body", "Truncated", value=body[:-1])
    yield one("trailing bytes", "TrailingBytes", value=body + b"\x00")
    yield one("an absurd length", "AbsurdLength", value=body[:5] + HUGE)
    yield from (one("an absurd block count", "AbsurdLength", value=found) for found in _absurd_block(own))
    yield one("a message over the limit", "TooLarge", value=body + bytes(MAX_MESSAGE))
    yield one("no key", "BadKey", key=None)
    yield one("a key that is not UTF-8", "BadKey", key=b"acme|\xff\xfe")
    yield one("a key of nobody", "BadKey", key=b"|poison")
    yield one("a key of another tenant", "BadKey", key=b"other|poison", reference=None)
    yield one("a key over all measure", "BadKey", key=b"\xff" * MUCH)
    yield one("no headers", "BadEnvelope", headers=[], reference=None)
    yield one("a header that is not UTF-8", "BadEnvelope", headers=[*good, ("ce_channel", b"\xff")], reference=None)
    yield one("a header over all measure", "BadEnvelope", headers=[*good, ("x", bytes(MUCH))], reference=None)
    yield one("a correlation that is too long", "BadEnvelope", headers=[*good, ("ce_correlationid", b"x" * (MAX_HEADER + 1))], reference=None)  # fmt: skip
    yield one("a type that is not the body's", "BadType", headers=_headers("order.place" if event != "order.place" else "order.cancel"), reference=None)  # fmt: skip


def _headers(event: str) -> Headers:
    return to_headers(Envelope("poison", event, "wharf/nobody", "acme", 1_772_438_400_000, "poison"))


def _absurd_block(name: str) -> Iterator[bytes]:
    """The record up to its first array, then a count of items that no bytes follow; nothing where it has no array."""
    schema, record = resolved(name), plain(name)
    for index, field in enumerate(schema["fields"]):
        if isinstance(field["type"], dict) and field["type"].get("type") == "array":
            out = io.BytesIO(ids.current_ids()[name].to_bytes(5, "big"))
            out.seek(0, io.SEEK_END)
            fastavro.schemaless_writer(out, {**schema, "fields": schema["fields"][:index]}, record)
            yield out.getvalue() + HUGE
            return


def _nothing(node: Any, named: dict[str, Any] | None = None) -> Any:
    named = {} if named is None else named
    if isinstance(node, list):
        return _nothing(node[0], named)
    if isinstance(node, str):
        return _nothing(named[node], named) if node in named else ZERO[node]
    made: dict[str, Callable[[], Any]] = {
        "record": lambda: {field["name"]: _nothing(field["type"], named) for field in node["fields"]},
        "array": list,
        "map": dict,
        "enum": lambda: node["symbols"][0],
    }
    if node.get("logicalType") == "decimal":
        return Decimal(0)
    if node["type"] in ("record", "enum"):
        named[f"{node['namespace']}.{node['name']}" if "namespace" in node else node["name"]] = node
    return made[node["type"]]() if node["type"] in made else _nothing(node["type"], named)
