"""Orders as `wharf convert` shows them: the canonical shape, with identifiers, quantities and units as sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from adapters.channels.readers.document import Place, Problem
from adapters.channels.readers.order import RawDate, RawLine, RawOrder, number_text
from schemas.envelope import rfc3339
from streams.normalize.meaning import address_of, by_role

Json = dict[str, Any]


def order_json(order: RawOrder, warnings: Iterable[Problem]) -> Json:
    """One order; decimals are strings, dates ISO, empty members stay so that the shape is always the same."""
    return {
        "number": order.number,
        "release": order.release,
        "channel": order.channel,
        "purpose": order.purpose,
        "order_type": order.order_type,
        "customer": order.customer,
        "sender": order.transport.sender,
        "test": order.test,
        "currency": order.currency,
        "parties": {role: _party(role, party) for role, party in by_role(order.parties)},
        "dates": _dates(order.dates),
        "lines": [_line(line) for line in order.lines],
        "references": [{"qualifier": name, "value": value} for name, value in order.references],
        "totals": _totals(order),
        "warnings": [warning_json(warning) for warning in warnings],
    }


def place_json(place: Place) -> Json:
    """Where: a segment and element, a pointer or a row."""
    if place.tag:
        return {"segment": place.segment, "tag": place.tag, "element": place.element}
    return {"row": place.row} if place.row else {"pointer": place.pointer}


def warning_json(problem: Problem) -> Json:
    """A warning with its code and place."""
    return {"code": problem.code, "message": problem.message, "at": place_json(problem.place)}


def _party(role: str, party: Any) -> Json:
    identifiers = [{"scheme": party.scheme, "value": party.id}] if party.id else []
    return {"identifiers": identifiers, "name": party.name, "address": {**address_of(party), "name": party.name}}


def _dates(dates: Iterable[RawDate]) -> Json:
    told: Json = {}
    for date in dates:
        text = rfc3339(date.instant) if date.instant is not None else date.day + (f"T{date.time}" if date.time else "")
        if text:
            told.setdefault(date.kind, text)
    return told


def _line(line: RawLine) -> Json:
    return {
        "line": line.line,
        "channel_line": line.channel_line,
        "product": [{"scheme": scheme, "value": value} for scheme, value in line.product_ids],
        "quantity": number_text(line.quantity),
        "unit": line.unit,
        "price": None if line.price is None else format(line.price, "f"),
        "price_basis": line.price_basis,
        "currency": line.currency,
        "description": line.description,
        "dates": _dates(line.dates),
        "references": [{"qualifier": name, "value": value} for name, value in line.references],
        "destinations": [{"store": store, "quantity": number_text(quantity)} for store, quantity in line.destinations],
        "pack": None if line.pack is None else _pack(line),
    }


def _pack(line: RawLine) -> Json:
    pack = line.pack
    if pack is None:
        return {}
    numbers = {"packs": pack.packs, "size": pack.size}
    return {
        **{name: None if value is None else number_text(value) for name, value in numbers.items()},
        "unit": pack.unit,
    }


def _totals(order: RawOrder) -> Json:
    computed = order.goods_value
    stated = {kind: number_text(value) for kind, value in order.totals}
    return {**stated, "computed": None if computed is None else number_text(computed)}
