"""Availability as sites read it: the JSON under `av:…`, and what a channel may be told of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypedDict

from schemas.envelope import millis
from tables.quantity import decimal_text as decimal_text

STALE_AFTER_S = 5.0  # the promised staleness at p99; older answers are marked


class AvailabilityView(TypedDict):
    """The JSON of GET /v1/availability/{sku}."""

    sku: str
    channel: str
    quantity: str
    unit: str
    status: str
    version: int
    as_of: str | None
    age_seconds: float | None
    lag_bound_seconds: float | None
    stale: bool
    locations: list[dict[str, str]]
    next: list[dict[str, str]]


class PositionView(TypedDict):
    """A SKU of POST /v1/inventory/positions/query."""

    sku: str
    unit: str
    version: int
    stale: bool
    locations: list[dict[str, str | None]]


@dataclass(frozen=True, slots=True)
class Stock:
    """What Redis holds of a SKU, and up to when its partition is projected (ms; None = nobody says)."""

    body: dict[str, Any]
    mark: int | None

    @property
    def version(self) -> int:
        return int(self.body["version"])


def answer(stock: Stock, channel: str, location: str, now: int, date: int | None = None) -> AvailabilityView:
    """What this channel may promise, with its age; a location narrows it to what is free there.

    date  ms; what may be promised for then, with what is on its way: to the channel, and to no single location

    age_seconds        since the oldest contributing source's time
    lag_bound_seconds  since the projection last said that it had caught up: no change before that is missing
    """
    body = stock.body
    offered = body["channels"].get(channel, body["default"])
    here = [place for place in body["locations"] if location in ("", place["location"])]
    quantity, status = offered["quantity"], offered["status"]
    ahead = [] if location else offered.get("next", [])
    if date is not None and (due := [each for each in ahead if millis(each["date"]) <= date]):
        quantity, status = due[-1]["quantity"], "in_stock"
    if location:
        quantity = str(min(Decimal(quantity), sum((Decimal(place["free"]) for place in here), Decimal(0))))
        status = status if Decimal(quantity) > 0 else "out_of_stock"
    lag = _lag_s(stock, now)
    return {
        "sku": body["sku"],
        "channel": channel,
        "quantity": quantity,
        "unit": body["unit"],
        "status": status,
        "version": stock.version,
        "as_of": body["as_of"],
        "age_seconds": None if body["as_of"] is None else max(0, now - millis(body["as_of"])) / 1000,
        "lag_bound_seconds": lag,
        "stale": _stale(lag),
        "locations": [{"location": place["location"], "free": place["free"]} for place in here],
        "next": ahead,
    }


def held(stock: Stock, now: int) -> PositionView:
    """What is at each location, sold or not."""
    names = ("location", "on_hand", "unsellable")
    places: list[dict[str, str | None]] = [
        {**{name: place[name] for name in names}, "as_of": place.get("as_of")} for place in stock.body["locations"]
    ]
    return {
        "sku": stock.body["sku"],
        "unit": stock.body["unit"],
        "version": stock.version,
        "stale": _stale(_lag_s(stock, now)),
        "locations": places,
    }


def _lag_s(stock: Stock, now: int) -> float | None:
    return None if stock.mark is None else max(0, now - stock.mark) / 1000


def _stale(lag_s: float | None) -> bool:
    return lag_s is None or lag_s > STALE_AFTER_S
