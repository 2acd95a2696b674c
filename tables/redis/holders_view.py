"""Who holds a SKU now, by the hash under `held:…`: the rows behind reserved and allocated units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, TypedDict

import orjson

from schemas.envelope import millis
from tables.quantity import decimal_text

CART = "cart"
HELD = frozenset({"reserved_cart", "reserved_order", "allocated"})
MOST_ROWS = 500  # told of a SKU; how many there are is told too
MOST_EVENTS = 20  # told of one term
NEWEST = b""  # the field of the hash's newest version


class EventView(TypedDict):
    """An event behind a figure."""

    id: str
    type: str
    source: str
    time: str


class HolderView(TypedDict):
    """A ledger row."""

    holder: str
    kind: str
    channel: str
    line: str
    location: str
    reserved: str
    allocated: str
    since: str
    age_seconds: float
    event: EventView


class Holders(NamedTuple):
    """The rows that were read, in steps of the base unit, and how many there are."""

    rows: tuple[Mapping[str, Any], ...] = ()
    known: int = 0

    def carts(self, location: str, reserved: int) -> int | None:
        """Units that carts hold of what is reserved at a location; None where the rows are not those of that figure."""
        here = [row for row in self.rows if row["location"] == location]
        if len(self.rows) < self.known or sum(row["reserved"] for row in here) != reserved:
            return None
        return sum(int(row["reserved"]) for row in here if row["kind"] == CART)

    def behind(self, code: str, location: str, *, told_apart: bool) -> list[EventView]:
        """The newest events behind a term, the newest last.

        told_apart  whether what carts hold is a term of its own
        """
        own = [row for row in self.rows if row["location"] == location and _counts(code, row, told_apart)]
        found = {row["event"]["id"]: row["event"] for row in own}
        newest = sorted(found.values(), key=lambda event: (event["at"], event["id"]))[-MOST_EVENTS:]
        return [event_view(event) for event in newest]


def _counts(code: str, row: Mapping[str, Any], told_apart: bool) -> bool:
    if code == "allocated":
        return int(row["allocated"]) > 0
    return int(row["reserved"]) > 0 and (not told_apart or (row["kind"] == CART) == (code == "reserved_cart"))


def holders(fields: Mapping[bytes, bytes], count: int) -> Holders:
    """The rows of the hash, of which there are so many fields."""
    rows = tuple(orjson.loads(value) for name, value in sorted(fields.items()) if name != NEWEST)
    return Holders(rows, max(0, count - 1))


def event_view(event: Mapping[str, Any]) -> EventView:
    """An event as it is told."""
    return {"id": event["id"], "type": event["type"], "source": event["source"], "time": event["at"]}


def told_holders(held: Holders, scale: int, now: int) -> list[HolderView]:
    """The rows as they are told, the oldest first."""
    return [_told(row, scale, now) for row in sorted(held.rows, key=lambda row: (row["since"], row["holder"]))]


def _told(row: Mapping[str, Any], scale: int, now: int) -> HolderView:
    return {
        "holder": row["holder"],
        "kind": row["kind"],
        "channel": row["channel"],
        "line": row["line"],
        "location": row["location"],
        "reserved": decimal_text(row["reserved"], scale),
        "allocated": decimal_text(row["allocated"], scale),
        "since": row["since"],
        "age_seconds": max(0, now - millis(row["since"])) / 1000,
        "event": event_view(row["event"]),
    }
