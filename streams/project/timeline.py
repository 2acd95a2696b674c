"""The timeline of an order: every fact of it, with the time it happened and the time it became known."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from schemas.envelope import rfc3339
from streams.engine.effects import Message
from tables.redis import keys, values
from tables.write import Write

# said elsewhere in the entry, or of no use to a reader, or personal
_LEFT_OUT = frozenset({"order_id", "seq", "number", "channel", "at", "known_at", "personal", "personal_key", "content"})
_TIMES = frozenset({"deadline", "received_at", "expires_at"})


def timeline_write(message: Message) -> Write:
    """One entry, scored by the order's own sequence: adding it twice is adding it once."""
    record, envelope = message.record, message.envelope
    entry = {
        "seq": record["seq"],
        "at": rfc3339(record.get("at") or envelope.time),
        "known_at": rfc3339(record.get("known_at") or envelope.time),
        "event": message.type,
        "actor": record.get("actor") or envelope.source,
        "cause": envelope.causation,
        "details": details(record),
    }
    return values.member(keys.timeline(envelope.tenant, record["order_id"]), record["seq"], entry, keys.RECENT_S)


def details(record: Mapping[str, Any]) -> dict[str, Any]:
    """What the fact says beyond its entry, without what is empty; an order's content is told by its size."""
    told = {
        name: _plain(name, value)
        for name, value in sorted(record.items())
        if name not in _LEFT_OUT and value not in ("", None, [], {})
    }
    content = record.get("content")
    return {**told, "customer": content["customer"], "lines": len(content["lines"])} if content else told


def _plain(name: str, value: Any) -> Any:
    if name in _TIMES:
        return rfc3339(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list):
        return [_plain("", item) for item in value]
    if isinstance(value, dict):
        return {inner: _plain(inner, item) for inner, item in value.items() if item not in ("", None)}
    return value
