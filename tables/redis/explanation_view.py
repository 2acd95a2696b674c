"""Why a channel's number is what it is, by what the read models hold: the terms of the value that is shown.

The value under `av:…` has every term in it, the hash under `why:…` the newest events behind stock and rules, the hash
under `held:…` who holds what since when. All events behind a figure, and a past moment, are for
`wharf availability explain`, which reads the log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypedDict

from schemas.generated import inventory_v1 as inventory
from tables.inventory.terms import BUNDLE, WORDS, Amount, stock_terms, words
from tables.quantity import decimal_text, steps_of
from tables.redis.availability_view import Stock
from tables.redis.holders_view import HELD, EventView, Holders, HolderView, event_view, told_holders
from tables.redis.values import loaded

RULES = "rules"
Carts = Mapping[str, int | None]  # by location; None where they cannot be told apart
OF_RULES = frozenset({"safety_fixed", *WORDS}) - {
    "on_hand", "unsellable_damaged", "unsellable_quality", "reserved_cart", "reserved_order", "allocated",
    "shortage_carried",
}  # fmt: skip


class TermView(TypedDict):
    """One term: its newest events, by id and in full, the newest last."""

    code: str
    amount: str
    detail: str
    location: str
    events: list[str]
    evidence: list[EventView]


class ExplanationView(TypedDict):
    """The JSON of GET /v1/availability/{sku}/explanation."""

    sku: str
    channel: str
    quantity: str
    unit: str
    version: int
    terms: list[TermView]
    ledger: list[HolderView]
    ledger_known: int


def stock_field(location: str) -> str:
    """The field of a location's newest change of stock."""
    return f"stock:{location}"


def explanation(
    stock: Stock, why: Mapping[bytes, bytes], held: Holders, channel: str, now: int
) -> ExplanationView | None:
    """The terms of what a channel is shown; None where an older release wrote the value, which has not all of them.

    held  may be some versions newer or older than the value; what of it does not fit splits no term
    """
    body, scale = stock.body, int(stock.body.get("scale", 0))
    events = {name.decode(): event for name, raw in why.items() if (event := loaded(raw))}
    offer = body["channels"].get(channel, body["default"])
    quantity = steps_of(offer["quantity"], scale)
    carts = _carts(body["locations"], held, scale)
    placed = list(_of_stock(body["locations"], carts, scale))
    everywhere = sum(term.units for term, _ in placed)
    if "limit" in body and channel not in body["channels"]:
        ruled = [(Amount(BUNDLE, quantity - everywhere, body["limit"]), "")]
    else:
        ruled = list(_of_rules(offer, channel in body["channels"], everywhere, scale))
    terms = [(term, place) for term, place in placed if term.units or term.code == "on_hand"]
    if sum(term.units for term, _ in (*terms, *ruled)) != quantity:
        return None
    return {
        "sku": body["sku"],
        "channel": channel,
        "quantity": offer["quantity"],
        "unit": body["unit"],
        "version": stock.version,
        "terms": [_told(term, place, events, (held, carts), scale) for term, place in (*terms, *ruled)],
        "ledger": told_holders(held, scale, now),
        "ledger_known": held.known,
    }


def _carts(places: list[Any], held: Holders, scale: int) -> Carts:
    return {place["location"]: held.carts(place["location"], steps_of(place["reserved"], scale)) for place in places}


def _of_stock(places: list[Any], carts: Carts, scale: int) -> Iterator[tuple[Amount, str]]:
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
        for term in stock_terms(position, steps_of(place["safety"], scale), carts[place["location"]] or 0):
            yield term, place["location"]


def _of_rules(offer: Any, ruled: bool, everywhere: int, scale: int) -> Iterator[tuple[Amount, str]]:
    for name, text in offer.get("withheld", {}).items():
        code, _, about = name.partition("|")
        yield Amount(code, steps_of(text, scale), about), ""
    if not ruled and everywhere < 0:
        yield Amount("shortage_carried", -everywhere), ""
    if not ruled and (kept := max(0, everywhere) - steps_of(offer["quantity"], scale)):
        yield Amount("segment_protected", -kept, "channels with a guarantee"), ""


def _told(
    term: Amount, place: str, events: Mapping[str, Any], held: tuple[Holders, Carts], scale: int
) -> TermView:  # fmt: skip
    detail = words(term, place)
    if term.code in HELD:
        told_apart = held[1][place] is not None
        evidence = held[0].behind(term.code, place, told_apart=told_apart)
        if term.code == "reserved_order" and not told_apart:
            detail = f"reserved for orders and carts, at {place}"
    else:
        event = _behind(term, place, events)
        evidence = [] if event is None else [event_view(event)]
        detail += _basis(event) if term.code == "on_hand" and event is not None else ""
    return {
        "code": term.code,
        "amount": decimal_text(term.units, scale),
        "detail": detail,
        "location": place,
        "events": [event["id"] for event in evidence],
        "evidence": evidence,
    }


def _behind(term: Amount, place: str, events: Mapping[str, Any]) -> Any:
    if term.code in OF_RULES:
        return events.get(RULES)
    return events.get(stock_field(place)) if term.code.startswith(("on_hand", "unsellable")) else None


def _basis(event: Mapping[str, Any]) -> str:
    number = "" if event["sequence"] is None else f" #{event['sequence']}"
    return f"; last changed by {event['type']} of {event['source']}{number} at {event['at']}"
