"""An order as readers see it, put together from the versioned fields of its hash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from schemas.errors import remedy
from tables.redis.values import loaded

QUANTITIES = (
    "ordered", "rejected", "cancelled", "substituted", "pending", "backordered", "reserved", "released", "shipped",
    "delivered", "returned", "invoiced",
)  # fmt: skip
Body = dict[str, Any]


class OrderView(TypedDict):
    """The JSON of GET /v1/orders/{order_id}."""

    order_id: str
    channel: str
    number: str
    status: str
    status_reason: str
    facets: dict[str, str]
    version: int
    customer: str
    currency: str
    ordered_at: str | None
    received_at: str | None
    receipt: str
    lines: list[Body]
    erp: Body
    shipments: list[Body]
    invoices: list[Body]
    exceptions: list[Body]


def order_of(fields: Mapping[bytes, bytes]) -> OrderView | None:
    """The order; None where nothing says yet what it is."""
    bodies = {name.decode(): body for name, value in fields.items() if (body := loaded(value)) is not None}
    head = bodies.get("head")
    if head is None:
        return None
    return {
        "order_id": head["order_id"],
        "channel": head["channel"],
        "number": head["number"],
        "status": bodies.get("status", {}).get("status", "received"),
        "status_reason": bodies.get("status", {}).get("reason", ""),
        "facets": {body["facet"]: body["value"] for body in _kind(bodies, "facet")},
        "version": max(body["version"] for body in bodies.values()),
        "customer": head.get("customer", ""),
        "currency": head.get("currency", ""),
        "ordered_at": head.get("ordered_at"),
        "received_at": head.get("received_at"),
        "receipt": head.get("receipt", ""),
        "lines": sorted((_line(body) for body in _kind(bodies, "line")), key=lambda line: _natural(line["line"])),
        "erp": _without_version(bodies.get("erp", {"version": 0, "system": "", "number": ""})),
        "shipments": _shipments(bodies),
        "invoices": [_without_version(body) for body in _kind(bodies, "invoice")],
        "exceptions": [_exception(body) for body in _kind(bodies, "exception") if body["state"] == "open"],
    }


def _kind(bodies: Mapping[str, Body], kind: str) -> list[Body]:
    return [bodies[name] for name in sorted(bodies) if name.partition(":")[0] == kind]


def _without_version(body: Body) -> Body:
    return {name: value for name, value in body.items() if name != "version"}


def _exception(body: Body) -> Body:
    return {**_without_version(body), "remedy": remedy(body["class"])}


def _line(body: Body) -> Body:
    quantities = {name: str(body.get(name, 0)) for name in QUANTITIES}
    rest = {"unit": body.get("base_unit", ""), "problem": body.get("problem", "")}
    return {"line": body["line"], "sku": body.get("sku", ""), **quantities, **rest}


def _natural(line: str) -> tuple[int, int, str]:
    """Line 2 before line 10; lines that are no numbers after them."""
    return (0, int(line), "") if line.isdecimal() else (1, 0, line)


def _shipments(bodies: Mapping[str, Body]) -> list[Body]:
    """Dispatches and milestones of one shipment together, in the order they became known."""
    found: dict[str, Body] = {}
    for body in _by_version(_kind(bodies, "shipment")):
        standing = found.setdefault(body["shipment"], {"shipment": body["shipment"], "lines": [], "milestones": []})
        standing.update({name: body[name] for name in ("at", "carrier", "tracking", "location")})
        standing["lines"] = [*standing["lines"], *body["lines"]]
    for body in _by_version(_kind(bodies, "milestone")):
        standing = found.setdefault(body["shipment"], {"shipment": body["shipment"], "lines": [], "milestones": []})
        standing["milestones"].append({name: body[name] for name in ("code", "at", "known_at", "late", "tracking")})
    return list(found.values())


def _by_version(bodies: Iterable[Body]) -> list[Body]:
    return sorted(bodies, key=lambda body: int(body["version"]))
