"""A receipt as readers see it: what became of a document, derived from what is known of its parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, TypedDict

from schemas.errors import remedy
from tables.redis.values import loaded

Body = dict[str, Any]


class ReceiptState(StrEnum):
    """received → accepted, rejected or dead, when each part is decided, refused or dead."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DEAD = "dead"


class ReceiptView(TypedDict):
    """The JSON of GET /v1/receipts/{receipt}."""

    receipt: str
    channel: str
    state: str
    kind: str
    orders: list[str]
    parts: list[Body]
    problems: list[Body]
    warnings: list[Body]


def receipt_of(receipt: str, fields: Mapping[bytes, bytes]) -> ReceiptView | None:
    """The receipt; None where nothing of it is known."""
    bodies = {name.decode(): body for name, value in fields.items() if (body := loaded(value)) is not None}
    head, said = bodies.get("head"), bodies.get("normalized")
    if not bodies:
        return None
    parts = [_part(part, bodies) for part in said["parts"]] if said else []
    return {
        "receipt": receipt,
        "channel": (head or said or {}).get("channel", ""),
        "state": _state(said, parts, bodies),
        "kind": said["kind"] if said else "",
        "orders": list(dict.fromkeys(part["order_id"] for part in parts if part["order_id"])),
        "parts": parts,
        "problems": _told(
            [
                *(said["problems"] if said else []),
                *(bodies[name] for name in sorted(bodies) if name.startswith("dead")),
            ]
        ),
        "warnings": _told(said["warnings"] if said else []),
    }


def _told(problems: Iterable[Body]) -> list[Body]:
    """Each problem with what to do about it."""
    return [{**problem, "remedy": remedy(problem["code"])} for problem in problems]


def _part(part: Body, bodies: Mapping[str, Body]) -> Body:
    index = part["index"]
    decided = bodies.get(f"part:{index}")
    state = "dead" if f"dead:{index}" in bodies else "decided" if decided else "waiting"
    return {
        "index": index,
        "type": part["type"],
        "order_id": (decided or part).get("order_id") or part["order_id"],
        "state": state,
        "event": decided["event"] if decided else "",
        "reason": decided.get("reason", "") if decided else "",
    }


def _state(said: Body | None, parts: list[Body], bodies: Mapping[str, Body]) -> ReceiptState:
    states = {part["state"] for part in parts}
    if "dead" in bodies or "dead" in states:
        return ReceiptState.DEAD
    if said and said["state"] == "rejected":
        return ReceiptState.REJECTED
    return ReceiptState.RECEIVED if said is None or "waiting" in states else ReceiptState.ACCEPTED
