"""Availability as one JSON string per SKU: the public read model that sites read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from schemas.envelope import rfc3339
from schemas.generated.inventory_v1 import AvailabilityChanged, ChannelAvailability, LocationAvailability, Promise
from streams.engine.effects import Message
from tables.quantity import decimal_text
from tables.redis import keys, values
from tables.write import Write

_COUNTS = ("free", "on_hand", "unsellable", "reserved", "allocated", "safety")


def availability_writes(message: Message) -> Iterator[Write]:
    """The SKU's availability at its version; absolute, so the newest says all."""
    record = message.record
    body = shown(record, message.position[1])
    yield values.text(keys.availability(message.envelope.tenant, record["sku"]), record["version"], body)


def shown(record: AvailabilityChanged, partition: int) -> dict[str, Any]:
    """What sites read of a SKU whose newest availability this is."""
    scale, anyone = record["scale"], record["default_quantity"]
    return {
        "sku": record["sku"],
        "unit": record["base_unit"],
        **({"scale": scale} if scale else {}),
        "as_of": None if record["as_of"] is None else rfc3339(record["as_of"]),
        "partition": partition,
        "default": {
            "quantity": decimal_text(anyone, scale),
            "status": "in_stock" if anyone > 0 else "out_of_stock",
            **_next(record["default_next"], scale),
        },
        **({"limit": record["limit"]} if record["limit"] else {}),
        "channels": {offer["channel"]: _offer(offer, scale) for offer in record["channels"]},
        "locations": [_place(place, scale) for place in record["locations"]],
    }


def _offer(offer: ChannelAvailability, scale: int) -> dict[str, Any]:
    said: dict[str, Any] = {"quantity": decimal_text(offer["quantity"], scale), "status": offer["status"]}
    said |= _next(offer["next"], scale)
    return {**said, "withheld": _texts(offer["withheld"], scale)} if offer["withheld"] else said


def _next(promises: Sequence[Promise], scale: int) -> dict[str, Any]:
    """From when more can be promised; nothing where nothing is on its way."""
    told = [{"date": rfc3339(each["due"]), "quantity": decimal_text(each["quantity"], scale)} for each in promises]
    return {"next": told} if told else {}


def _place(place: LocationAvailability, scale: int) -> dict[str, Any]:
    units: Mapping[str, Any] = place
    said = {"location": place["location"], **{name: decimal_text(units[name], scale) for name in _COUNTS}}
    said |= {"as_of": rfc3339(place["as_of"])} if place["as_of"] is not None else {}
    return {**said, "classes": _texts(place["classes"], scale)} if place["classes"] else said


def _texts(units: Mapping[str, int], scale: int) -> dict[str, str]:
    return {name: decimal_text(each, scale) for name, each in units.items()}
