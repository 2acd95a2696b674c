"""Reservations: the JSON of `POST /v1/reservations`, and of its extension and release (reference/http.md).

The request says which of them it is; the reservation's id is what it was addressed to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from adapters.channels.readers.document import Accepted, Document, Problem, Reading, Rejected
from adapters.channels.readers.fields import MAX_NAME, Fields
from adapters.channels.readers.strict_json import parse

KIND = "reservation"
HOLD, EXTEND, RELEASE = "reservations", "reservation-extend", "reservation-release"
MAX_LINES, PROBLEM_LIMIT = 1_000, 100
DEFAULT_S, CAP_S = 15 * 60, 4 * 3_600  # inventory.md §6: how long a cart holds


@dataclass(frozen=True, slots=True)
class RawHoldLine:
    """A line of a cart, its quantity as sent."""

    line: str
    sku: str
    quantity: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class RawHold:
    """A cart that wants stock held."""

    reservation: str
    cart: str
    lines: tuple[RawHoldLine, ...]
    allow_partial: bool = False
    expires_in: int = DEFAULT_S


@dataclass(frozen=True, slots=True)
class RawExtend:
    """A hold that is to live so many seconds from now."""

    reservation: str
    expires_in: int


@dataclass(frozen=True, slots=True)
class RawRelease:
    """A hold that is given back."""

    reservation: str
    reason: str = ""


Wish = RawHold | RawExtend | RawRelease


def hold(document: Document) -> Reading[Wish]:
    """A cart; refused with the pointer of everything that is wrong with it."""
    return _read(document, _hold)


def extend(document: Document) -> Reading[Wish]:
    """An extension of the reservation that the request was addressed to."""
    return _read(document, lambda fields, target: RawExtend(target, _seconds(fields)))


def release(document: Document) -> Reading[Wish]:
    """The end of the reservation that the request was addressed to; an empty body says no reason."""
    return _read(document, lambda fields, target: RawRelease(target, fields.text("reason")))


def _read(document: Document, one: Callable[[Fields, str], Wish]) -> Reading[Wish]:
    value = parse(document.body) if document.body.strip() else {}
    if isinstance(value, Rejected):
        return Reading(KIND, (value,))
    problems: list[Problem] = []
    fields = Fields(value, problems)
    wish = one(fields, document.target)
    fields.done()
    if problems:
        return Reading(KIND, (Rejected(tuple(problems[:PROBLEM_LIMIT]), document.target),))
    return Reading(KIND, (Accepted(wish, document.target),))


def _hold(fields: Fields, target: str) -> RawHold:
    fields.text("channel", limit=64)  # the document came by it
    lines = [(member, _line(member)) for member in fields.children("lines", required=True, limit=MAX_LINES)]
    seen: set[str] = set()
    for member, line in lines:
        if line.line in seen and line.line:
            member.note("WH1107", "line", f"line {line.line!r} stands twice; number the lines differently")
        seen.add(line.line)
    return RawHold(
        reservation=target,
        cart=fields.text("cart", required=True, limit=64),
        lines=tuple(line for _, line in lines),
        allow_partial=bool(fields.flag("allow_partial")),
        expires_in=_seconds(fields),
    )


def _line(fields: Fields) -> RawHoldLine:
    quantity = fields.decimal("quantity", required=True, above=Decimal(0))
    line = RawHoldLine(
        line=fields.text("line", required=True, limit=32),
        sku=fields.text("sku", required=True, limit=MAX_NAME),
        quantity=Decimal(0) if quantity is None else quantity,
        unit=fields.text("unit", limit=16),
    )
    fields.done()
    return line


def _seconds(fields: Fields) -> int:
    """How long, from now; a time in the past or beyond the cap is no time to hold until."""
    seconds = fields.whole("expires_in")
    if seconds is not None and not 0 < seconds <= CAP_S:
        fields.note("WH1107", "expires_in", f"expected 1 to {CAP_S} seconds from now, came {seconds}")
    return DEFAULT_S if seconds is None else seconds
