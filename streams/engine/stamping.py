"""Effects to records: each gets an envelope made from its cause, and the topic that the catalogue names for its type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from schemas import wire
from schemas.envelope import Envelope, derived_id, to_headers
from schemas.loader import Record as Schema
from schemas.loader import by_type
from schemas.topics import key_of
from streams.engine.effects import Ask, Effects, Fact, Message
from streams.engine.records import Out


class UnknownType(ValueError):
    """A decision named a type that the catalogue does not have, or a command without a topic."""


def schema_of(kind: str) -> Schema:
    """The record of a type; raises UnknownType."""
    found = by_type().get(kind)
    if found is None:
        raise UnknownType(f"no record has the type {kind!r}")
    return found


def outs_of(agent: str, mailbox: str, message: Message, effects: Effects) -> Iterator[Out]:
    """Facts that have a topic, then asks; the index in an id counts facts without a topic too."""
    for index, fact in enumerate(effects.facts):
        schema = schema_of(fact.type)
        if schema.topic:
            key = message.key if fact.key is None else fact.key
            yield _out(schema, key, fact.record, _fact_envelope(agent, message, fact, key, index))
    for index, ask in enumerate(effects.asks, len(effects.facts)):
        schema = schema_of(ask.type)
        if not schema.topic:
            raise UnknownType(f"{ask.type!r} travels on no topic")
        yield _out(schema, ask.key, ask.record, _ask_envelope(agent, mailbox, message, ask, index))


def _out(schema: Schema, key: str, record: Mapping[str, Any], envelope: Envelope) -> Out:
    key_bytes = key_of(envelope.tenant, key).encode()
    return Out(schema.topic, key_bytes, wire.encode(schema.name, record), to_headers(envelope), envelope.time)


def _fact_envelope(agent: str, message: Message, fact: Fact, key: str, index: int) -> Envelope:
    """By place, as an envelope is a tuple: by name it would take twice as long, for every record published."""
    cause = message.envelope
    return Envelope(
        derived_id(cause.id, agent, fact.type, index), fact.type, f"wharf/{agent}", cause.tenant, message.now, key,
        cause.channel, cause.correlation or cause.id, cause.id, cause.receipt, cause.disposition, "", "",
        cause.traceparent,
    )  # fmt: skip


def _ask_envelope(agent: str, mailbox: str, message: Message, ask: Ask, index: int) -> Envelope:
    cause = message.envelope
    return Envelope(
        id=derived_id(cause.id, agent, ask.type, index),
        type=ask.type,
        source=f"wharf/{agent}",
        tenant=cause.tenant,
        time=message.now,
        subject=ask.key,
        channel=cause.channel if ask.channel is None else ask.channel,
        correlation=cause.correlation or cause.id,
        causation=cause.id,
        receipt=ask.receipt,
        disposition=cause.disposition if ask.disposition is None else ask.disposition,
        reply_topic=mailbox if ask.wants_answer else "",
        reply_key=message.key if ask.wants_answer else "",
        traceparent=cause.traceparent,
    )
