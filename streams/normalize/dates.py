"""When an order was written and is wanted, with the evidence for its time zone.

Order of evidence (reference/domain/orders.md §11): the document's own offset, the partner's profile, UTC with a warning.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from adapters.channels.readers.document import Problem
from adapters.channels.readers.order import RawDate, RawOrder
from schemas.generated import reference_v1 as reference

UNIVERSAL = ("UT", "GM")  # X12 element 623: universal time, Greenwich


def ordered_at(order: RawOrder, partner: reference.Partner) -> tuple[int | None, str, tuple[Problem, ...]]:
    """The instant, the original text with its evidence, and warnings; a day alone begins at the partner's midnight."""
    found = _first(order, "ordered")
    if found is None:
        return None, "", ()
    if found.instant is not None:
        return found.instant, found.text, ()
    if not found.day:
        return None, found.text, ()
    zone, evidence, warnings = _zone(found, partner)
    at = datetime.fromisoformat(f"{found.day}T{found.time or '00:00:00'}").replace(tzinfo=zone)
    return round(at.timestamp() * 1000), f"{found.text} ({evidence})", warnings


def requested_delivery(order: RawOrder) -> str:
    """The day on which the goods are wanted: of the order, else the one on which all its lines agree."""
    found = _first(order, "requested_delivery")
    if found is not None:
        return found.day
    days = {date.day for line in order.lines for date in line.dates if date.kind == "requested_delivery"}
    return days.pop() if len(days) == 1 else ""


def _zone(found: RawDate, partner: reference.Partner) -> tuple[tzinfo, str, tuple[Problem, ...]]:
    if found.zone in UNIVERSAL:
        return UTC, "UTC as sent", ()
    name = partner["timezone"] or "UTC"
    try:
        return ZoneInfo(name), f"{name} by profile", ()
    except (KeyError, ValueError, OSError):  # an unknown name is a KeyError, a malformed one the others
        message = f"time zone {name[:40]!r} of profile {partner['partner']} is not known; UTC is assumed"
        return UTC, "UTC assumed", (Problem("WH1309", message),)


def _first(order: RawOrder, kind: str) -> RawDate | None:
    return next((date for date in order.dates if date.kind == kind), None)
