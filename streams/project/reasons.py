"""The newest events behind a SKU's stock and rules, for readers who ask why a number is what it is.

One write per location whose stock an event changes. A count that finds what was known changes nothing and writes
nothing; reservations are not noted: they are many, and the log has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schemas.envelope import rfc3339
from streams.engine.effects import Message
from tables.redis import keys, values
from tables.redis.explanation_view import RULES, stock_field
from tables.write import Write


def reason_writes(message: Message) -> Iterator[Write]:
    """A fact as the newest one behind what it changed."""
    fields = [RULES] if message.type == "inventory.rules.set" else [stock_field(place) for place in _changed(message)]
    if fields:
        key, body = keys.why(message.envelope.tenant, message.record["sku"]), _body(message)
        for name in fields:
            yield values.field(key, name, message.record["seq"], body, keys.RECENT_S)


def _changed(message: Message) -> list[str]:
    """Locations whose stock the fact changed."""
    record = message.record
    if message.type == "inventory.counted":
        [position] = record["positions"]
        return [record["location"]] if record["drift"] or position["classes"] else []
    if message.type == "inventory.drift.corrected":
        return [position["location"] for position in record["positions"]]
    return list(dict.fromkeys(move["location"] for move in record.get("moves", ())))


def _body(message: Message) -> dict[str, Any]:
    record, envelope = message.record, message.envelope
    return {
        "id": envelope.id,
        "type": message.type,
        "source": record.get("source") or envelope.source,
        "sequence": record.get("source_sequence"),
        "at": rfc3339(record["at"]),
    }
