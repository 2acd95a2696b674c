"""Effects to records: each gets an envelope made from its cause, and the topic that the catalogue names for its type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas import wire
from schemas.envelope import Envelope, Headers, derived_id, headers_following, to_headers
from schemas.loader import Record as Schema
from schemas.loader import by_type
from schemas.topics import key_of
from streams.engine.effects import Ask, Effects, Message
from streams.engine.records import Out


class UnknownType(ValueError):
    """A decision named a type that the catalogue does not have, or a command without a topic."""


def schema_of(kind: str) -> Schema:
    """The record of a type; raises UnknownType."""
    found = by_type().get(kind)
    if found is None:
        raise UnknownType(f"no record has the type {kind!r}")
    return found


def outs_of(agent: str, mailbox: str, message: Message, effects: Effects) -> list[Out]:
    """Facts that have a topic, then asks; the index in an id counts facts without a topic too."""
    outs: list[Out] = []
    cause, types = message.envelope, by_type()
    for index, fact in enumerate(effects.facts):
        schema = types.get(fact.type) or schema_of(fact.type)
        if schema.topic:
            key, time = message.key if fact.key is None else fact.key, message.now
            own = derived_id(cause.id, agent, fact.type, index)
            headers = headers_following(cause, own, fact.type, f"wharf/{agent}", time, key)
            outs.append(_out(schema, cause.tenant, key, fact.record, headers, time))
    for index, ask in enumerate(effects.asks, len(effects.facts)):
        schema = schema_of(ask.type)
        if not schema.topic:
            raise UnknownType(f"{ask.type!r} travels on no topic")
        headers = to_headers(_ask_envelope(agent, mailbox, message, ask, index))
        outs.append(_out(schema, cause.tenant, ask.key, ask.record, headers, message.now))
    return outs


def _out(schema: Schema, tenant: str, key: str, record: Mapping[str, Any], headers: Headers, time: int) -> Out:
    return Out(schema.topic, key_of(tenant, key).encode(), wire.encode(schema.name, record), headers, time)


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
