"""Drifts as fields of a few hashes per tenant, so that a person sees all of them at once; who agrees is not there."""

from __future__ import annotations

from collections.abc import Iterator

from streams.engine.effects import Message
from tables.inventory.comparison import drifts
from tables.redis import keys, values
from tables.redis.drift_view import drift_view
from tables.write import Write


def drift_writes(message: Message) -> Iterator[Write]:
    """A comparison that drifts, or the end of one; two that agree as before are not written."""
    record = message.record
    now = record.get("comparison")
    ended = record.get("ended", False)
    if now is None and not ended:
        return
    key = keys.drift(message.envelope.tenant, record["sku"])
    name = keys.drift_field(record["sku"], record["location"], record["source"])
    if now is not None and drifts(now):
        yield values.field(key, name, record["seq"], drift_view(record["sku"], now))
    elif ended or now["drifted"]:
        yield Write(key, record["seq"], None, field=name)
