"""A reservation as its holder sees it, put together from the versioned fields of its hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from tables.redis.values import loaded

Body = dict[str, Any]


class ReservationView(TypedDict):
    """The JSON of GET /v1/reservations/{id}."""

    reservation: str
    channel: str
    cart: str
    state: str
    expires_at: str | None
    order_id: str
    version: int
    lines: list[Body]


@dataclass(frozen=True, slots=True)
class Reservation:
    """What Redis holds of a reservation."""

    view: ReservationView
    receipt: str  # of the request that opened it
    decision: Body | None  # held, expires_at and lines as they were decided; it never changes
    extending: bool  # an extension was asked for and is not decided


def reservation_of(fields: Mapping[bytes, bytes]) -> Reservation | None:
    """The reservation; None where nothing says yet what it is."""
    bodies = {name.decode(): body for name, value in fields.items() if (body := loaded(value)) is not None}
    head, state, decision = bodies.get("head"), bodies.get("state"), bodies.get("decision")
    if head is None or state is None:
        return None
    nothing = {"reserved": "0", "missing": "0", "available": "0", "locations": []}
    view: ReservationView = {
        "reservation": head["reservation"],
        "channel": head["channel"],
        "cart": head["cart"],
        "state": state["state"],
        "expires_at": state["expires_at"],
        "order_id": state["order_id"],
        "version": max(body["version"] for body in bodies.values()),
        "lines": decision["lines"] if decision else [{**line, **nothing} for line in head["lines"]],
    }
    pending = bodies.get("extension", {}).get("pending", False)
    return Reservation(view, head["receipt"], decision, pending and state["state"] == "held")
