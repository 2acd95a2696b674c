"""An explanation as JSON for programs and as a table for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schemas.envelope import rfc3339
from schemas.identity import holder_and_bundle
from tables.inventory.evidence import Event
from tables.inventory.explanation import Explanation
from tables.inventory.reasons import Held, Term
from tables.quantity import decimal_text

if TYPE_CHECKING:
    from rich.console import RenderableType


def as_json(explained: Explanation, at: int) -> dict[str, Any]:
    """The explanation with times in RFC 3339 and quantities as decimal text.

    at  ms, the moment that ages are counted to
    """
    scale = explained.scale
    return {
        "sku": explained.sku,
        "channel": explained.channel,
        "at": rfc3339(at),
        "version": explained.version,
        "quantity": decimal_text(explained.quantity, scale),
        "unit": explained.unit,
        "waiting": decimal_text(explained.waiting, scale),
        "terms": [_term(term, scale) for term in explained.terms],
        "ledger": [_held(held, scale, at) for held in explained.ledger],
    }


def _term(term: Term, scale: int) -> dict[str, Any]:
    return {
        "code": term.code,
        "amount": decimal_text(term.amount, scale),
        "detail": term.detail,
        "location": term.location,
        "events": [event_json(event, scale) for event in term.events],
        "events_known": term.known,
    }


def event_json(event: Event, scale: int) -> dict[str, Any]:
    """An event as far as it concerns a figure."""
    return {
        "id": event.id,
        "type": event.type,
        "source": event.source,
        "time": rfc3339(event.at),
        "as_of": None if event.as_of is None else rfc3339(event.as_of),
        "sequence": event.sequence,
        "quantity": None if event.quantity is None else decimal_text(event.quantity, scale),
    }


def _held(held: Held, scale: int, at: int) -> dict[str, Any]:
    row = held.row
    holder, bundle = holder_and_bundle(row["holder"])
    return {
        "holder": holder,
        **({"bundle": bundle} if bundle else {}),
        "kind": held.kind,
        "channel": held.channel,
        "line": row["line"],
        "location": row["location"],
        "reserved": decimal_text(row["reserved"], scale),
        "allocated": decimal_text(row["allocated"], scale),
        "since": rfc3339(row["since"]),
        "age_seconds": max(0, at - row["since"]) / 1000,
        "expires_at": None if held.expires_at is None else rfc3339(held.expires_at),
        "events": [event.id for event in held.events],
    }


def age(seconds: float) -> str:
    """How long something takes or stands, in two units at most: 41 s, 3 min 20 s, 2 h 5 min, 4 d 3 h."""
    whole = int(seconds)
    for size, unit, next_size, next_unit in ((86_400, "d", 3_600, "h"), (3_600, "h", 60, "min"), (60, "min", 1, "s")):
        if whole >= size:
            rest = whole % size // next_size
            return f"{whole // size} {unit} {rest} {next_unit}" if rest else f"{whole // size} {unit}"
    return f"{whole} s"


def for_people(told: dict[str, Any]) -> RenderableType:
    """The terms as a sum, then the ledger."""
    from rich.console import Group
    from rich.table import Column, Table

    terms = Table(Column("term"), Column("units", justify="right"), "why", Column("newest event", overflow="fold"))
    for term in told["terms"]:
        terms.add_row(term["code"], _signed(term["amount"]), term["detail"], _newest(term))
    terms.add_section()
    terms.add_row("offered", told["quantity"], f"to {told['channel'] or 'any channel without rules'}", "")
    title = f"{told['sku']} at {told['at']}, version {told['version']}, in {told['unit']}"
    return Group(title, terms, *([_ledger(told["ledger"])] if told["ledger"] else []))


def _ledger(rows: list[dict[str, Any]]) -> RenderableType:
    from rich.table import Column, Table

    shown = Table(
        Column("held for", overflow="fold"), "kind", "channel", "line", "location",
        Column("reserved", justify="right"), Column("allocated", justify="right"), Column("age", justify="right"),
        "until",
    )  # fmt: skip
    for row in rows:
        shown.add_row(
            *(row[name] for name in ("holder", "kind", "channel", "line", "location", "reserved", "allocated")),
            age(row["age_seconds"]), row["expires_at"] or "given back",
        )  # fmt: skip
    return shown


def _signed(amount: str) -> str:
    return amount if amount.startswith("-") or amount.strip("0.") == "" else f"+{amount}"


def _newest(term: dict[str, Any]) -> str:
    if not term["events"]:
        return "–"
    event, older = term["events"][-1], term["events_known"] - 1
    number = "" if event["sequence"] is None else f" #{event['sequence']}"
    more = f" and {older} older" if older else ""
    return f"{event['id']} {event['type']}, {event['source']}{number}, {event['time']}{more}"
