"""Where a view's entries stand in the log: its head, and the offset of every hundredth entry."""

from __future__ import annotations

from collections.abc import Iterator

from streams.engine.effects import Message
from tables.redis import keys, view_index
from tables.redis.values import field
from tables.write import Write


def feed_writes(message: Message) -> Iterator[Write]:
    """The view's head, and a place of its index where one is due."""
    record = message.record
    _, partition, offset = message.position
    key = keys.view(message.envelope.tenant, f"{record['channel']}/{record['view']}")
    version = view_index.version(record["epoch"], record["seq"])
    body = {"epoch": record["epoch"], "seq": record["seq"], "partition": partition, "offset": offset}
    yield field(key, "head", version, body)
    if view_index.noted(record["seq"]):
        yield field(key, view_index.field_of(record["epoch"], record["seq"]), version, body)
