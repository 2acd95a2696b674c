"""A record's bytes to a Message, or a named reason why not."""

from __future__ import annotations

from functools import cache

from schemas import wire
from schemas.envelope import Envelope, from_headers
from schemas.loader import by_type, names_on
from schemas.topics import BadKey, read_key
from streams.engine.effects import Message
from streams.engine.records import Record

DIED = "command.died"  # may stand in any topic: it answers whoever asked, where they asked for it


class BadType(ValueError):
    """The envelope's type and the body's schema are not the same record."""


@cache
def allowed(topic: str) -> frozenset[str]:
    """Full names of the records that may stand in a topic."""
    return names_on(topic) | {by_type()[DIED].name}


def message_of(record: Record, now: int) -> Message:
    """Decode one record; raises BadEnvelope, BadKey, BadType or a WireError."""
    envelope = from_headers(record.headers)
    key = key_of_record(record.key, envelope)
    name, body = wire.decode(record.value or b"", allowed(record.topic))
    declared = by_type().get(envelope.type)
    if declared is None or declared.name != name:
        raise BadType(f"type {envelope.type} with a body of {name}")
    return Message(envelope, key, body, now, record.position)


def key_of_record(raw: bytes | None, envelope: Envelope) -> str:
    """The key without its tenant; raises BadKey."""
    tenant, key = read_key(raw)
    if tenant != envelope.tenant:
        raise BadKey(f"a key of tenant {tenant!r} with an envelope of tenant {envelope.tenant!r}")
    if "\x1f" in key:
        raise BadKey("the key contains U+001F, which separates a key from its rows")
    return key
