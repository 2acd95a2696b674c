"""Availability as one JSON string per SKU: the public read model that sites read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schemas.envelope import rfc3339
from streams.engine.effects import Message
from tables.redis import keys, values
from tables.redis.availability_view import decimal_text
from tables.write import Write

_COUNTS = ("free", "on_hand", "unsellable", "reserved", "allocated", "safety")


def availability_writes(message: Message) -> Iterator[Write]:
    """The SKU's availability at its version; absolute, so the newest says all."""
    record = message.record
    yield values.text(keys.availability(message.envelope.tenant, record["sku"]), record["version"], _body(message))


def _body(message: Message) -> dict[str, Any]:
    record, scale = message.record, message.record["scale"]
    anyone = record["default_quantity"]
    return {
        "sku": record["sku"],
        "unit": record["base_unit"],
        "as_of": None if record["as_of"] is None else rfc3339(record["as_of"]),
        "partition": message.position[1],
        "default": {"quantity": decimal_text(anyone, scale), "status": "in_stock" if anyone > 0 else "out_of_stock"},
        "channels": {
            offer["channel"]: {"quantity": decimal_text(offer["quantity"], scale), "status": offer["status"]}
            for offer in record["channels"]
        },
        "locations": [
            {"location": place["location"], **{name: decimal_text(place[name], scale) for name in _COUNTS}}
            for place in record["locations"]
        ],
    }
