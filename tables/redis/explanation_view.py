"""Why a channel's number is what it is, by what the read models hold: the terms of the value that is shown.

The value under `av:…` has every term in it; the hash under `why:…` the newest events behind stock and rules. Who holds
the reserved units stands in the log alone: `wharf availability explain` reads that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypedDict

from schemas.generated import inventory_v1 as inventory
from tables.inventory.terms import WORDS, Amount, stock_terms, words
from tables.quantity import decimal_text, steps_of
from tables.redis.availability_view import Stock
from tables.redis.values import loaded

RULES = "rules"
OF_RULES = frozenset({"safety_fixed", *WORDS}) - {
    "on_hand", "unsellable_damaged", "unsellable_quality", "reserved_cart", "reserved_order", "allocated",
    "shortage_carried",
}  # fmt: skip


class TermView(TypedDict):
    """One term: its events are ids, the newest last."""

    code: str
    amount: str
    detail: str
    location: str
    events: list[str]


class ExplanationView(TypedDict):
    """The JSON of GET /v1/availability/{sku}/explanation."""

    sku: str
    channel: str
    quantity: str
    unit: str
    version: int
    terms: list[TermView]


def stock_field(location: str) -> str:
    """The field of a location's newest change of stock."""
    return f"stock:{location}"


def explanation(stock: Stock, why: Mapping[bytes, bytes], channel: str) -> ExplanationView | None:
    """The terms of what a channel is shown; None where an older release wrote the value, which has not all of them."""
    body, scale = stock.body, int(stock.body.get("scale", 0))
    events = {name.decode(): event for name, raw in why.items() if (event := loaded(raw))}
    offer = body["channels"].get(channel, body["default"])
    quantity = steps_of(offer["quantity"], scale)
    placed = list(_of_stock(body["locations"], scale))
    ruled = list(_of_rules(offer, channel in body["channels"], sum(term.units for term, _ in placed), scale))
    terms = [(term, place) for term, place in placed if term.units or term.code == "on_hand"]
    if sum(term.units for term, _ in (*terms, *ruled)) != quantity:
        return None
    return {
        "sku": body["sku"],
        "channel": channel,
        "quantity": offer["quantity"],
        "unit": body["unit"],
        "version": stock.version,
        "terms": [_told(term, place, events, scale) for term, place in (*terms, *ruled)],
    }


def _of_stock(places: list[Any], scale: int) -> Iterator[tuple[Amount, str]]:
    for place in places:
        classes = {name: steps_of(text, scale) for name, text in place.get("classes", {}).items()}
        position = inventory.position(
            location=place["location"],
            on_hand=steps_of(place["on_hand"], scale),
            unsellable=steps_of(place["unsellable"], scale),
            reserved=steps_of(place["reserved"], scale),
            allocated=steps_of(place["allocated"], scale),
            classes=classes,
        )
        for term in stock_terms(position, steps_of(place["safety"], scale)):
            yield term, place["location"]


def _of_rules(offer: Any, ruled: bool, everywhere: int, scale: int) -> Iterator[tuple[Amount, str]]:
    for name, text in offer.get("withheld", {}).items():
        code, _, about = name.partition("|")
        yield Amount(code, steps_of(text, scale), about), ""
    if not ruled and everywhere < 0:
        yield Amount("shortage_carried", -everywhere), ""
    if not ruled and (kept := max(0, everywhere) - steps_of(offer["quantity"], scale)):
        yield Amount("segment_protected", -kept, "channels with a guarantee"), ""


def _told(term: Amount, place: str, events: Mapping[str, Any], scale: int) -> TermView:
    event = _behind(term, place, events)
    detail = words(term, place)
    if term.code == "reserved_order":
        detail = f"reserved for orders and carts, at {place}"
    if term.code == "on_hand" and event is not None:
        detail += _basis(event)
    return {
        "code": term.code,
        "amount": decimal_text(term.units, scale),
        "detail": detail,
        "location": place,
        "events": [] if event is None else [event["id"]],
    }


def _behind(term: Amount, place: str, events: Mapping[str, Any]) -> Any:
    if term.code in OF_RULES:
        return events.get(RULES)
    return events.get(stock_field(place)) if term.code.startswith(("on_hand", "unsellable")) else None


def _basis(event: Mapping[str, Any]) -> str:
    number = "" if event["sequence"] is None else f" #{event['sequence']}"
    return f"; last changed by {event['type']} of {event['source']}{number} at {event['at']}"
