"""Facts of carts as fields of the reservation's hash: each field bears the reservation's version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from schemas.envelope import rfc3339
from streams.engine.effects import Message
from tables.quantity import decimal_text
from tables.redis import keys, values
from tables.write import Write

FAMILY = "cart."
_ENDS = {"cart.refused": "refused", "cart.released": "released", "cart.expired": "expired", "cart.taken": "taken"}


def reservation_writes(message: Message) -> Iterator[Write]:
    """What a cart's fact changes for who holds it."""
    record = message.record
    key = keys.reservation(message.envelope.tenant, record["reservation"])
    for name, body in _fields(message.type, record):
        yield values.field(key, name, record["seq"], body, keys.RESERVATION_S)


def _fields(kind: str, record: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    match kind:
        case "cart.opened":
            yield "head", _head(record)
            yield "state", {"state": "asking", "expires_at": rfc3339(record["expires_at"]), "order_id": ""}
        case "cart.held":
            expires_at = rfc3339(record["expires_at"])
            yield (
                "decision",
                {"held": True, "expires_at": expires_at, "lines": [_line(line) for line in record["lines"]]},
            )
            yield "state", {"state": "held", "expires_at": expires_at, "order_id": ""}
        case "cart.extension.asked":
            yield "extension", {"pending": True}
        case "cart.extended":
            yield "extension", {"pending": False}
            yield "state", {"state": "held", "expires_at": rfc3339(record["expires_at"]), "order_id": ""}
        case "cart.refused":
            yield "decision", {"held": False, "expires_at": None, "lines": [_line(line) for line in record["lines"]]}
    if kind in _ENDS:
        yield "state", {"state": _ENDS[kind], "expires_at": None, "order_id": record.get("order_id", "")}


def _head(record: Any) -> dict[str, Any]:
    return {
        "reservation": record["reservation"],
        "channel": record["channel"],
        "cart": record["cart"],
        "receipt": record["document"],
        "lines": [_wanted(line) for line in record["lines"]],
    }


def _wanted(line: Mapping[str, Any]) -> dict[str, Any]:
    quantity = decimal_text(line["quantity"], line["scale"])
    return {"line": line["line"], "sku": line["sku"], "unit": line["base_unit"], "quantity": quantity}


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    counts = {name: decimal_text(line[name], line["scale"]) for name in ("reserved", "missing", "available")}
    places = [
        {"location": place["location"], "quantity": decimal_text(place["quantity"], line["scale"])}
        for place in line["allocations"]
    ]
    return {**_wanted(line), **counts, "locations": places}
