"""The terms of a number as they are told: in words, with the events behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from schemas.envelope import rfc3339
from schemas.generated.inventory_v1 import Supply
from schemas.generated.state_inventory_v1 import Hold, Sku
from tables.inventory.evidence import Event, Evidence
from tables.inventory.gaps import gap_of, missing
from tables.inventory.position import backorder_room, guaranteed, is_bundle, made, rule_of, safety
from tables.inventory.shadow import Shadow
from tables.inventory.supply import expected, to_come
from tables.inventory.terms import BUNDLE, Amount, rule_terms, stock_terms, words
from tables.quantity import decimal_text

MOST_EVENTS = 20  # told of one term; how many there are in all is told too
MOST_NUMBERS = 5  # missing reports that are named
CART = "cart"


@dataclass(frozen=True, slots=True)
class Term:
    """A signed part of the number; one of 0 units only tells what might be taken for a part of it."""

    code: str
    amount: int
    detail: str
    location: str = ""
    events: tuple[Event, ...] = ()
    known: int = 0  # events there are in all


@dataclass(frozen=True, slots=True)
class Held:
    """A ledger row with whom it is for, and the events that made it."""

    row: Hold
    kind: str
    channel: str
    expires_at: int | None
    events: tuple[Event, ...]


def ledger_of(shadow: Shadow, evidence: Evidence) -> Iterator[Held]:
    """The rows of the ledger, by holder, line and location."""
    for row in shadow.holds():
        standing = shadow.standing(row["holder"])
        behind = evidence.ledger.get((row["holder"], row["line"], row["location"]), ())
        yield Held(row, standing["holder_kind"], standing["channel"], standing["expires_at"], tuple(behind))


def of_stock(sku: Sku, evidence: Evidence, ledger: Sequence[Held]) -> Iterator[Term]:
    """What makes the free stock of each location. Cost: O(locations x ledger rows)."""
    scale = scale_of(sku)
    if is_bundle(sku):
        yield from _of_bundle(sku)
        return
    for location, position in sorted(sku["positions"].items()):
        here = [held for held in ledger if held.row["location"] == location]
        carts = sum(held.row["reserved"] for held in here if held.kind == CART)
        for term in stock_terms(position, safety(sku, location), carts):
            if term.units or term.code == "on_hand":
                events = _behind(term, location, evidence, here)
                detail = words(term, location) + _whose(term, here) + _basis(term, events, scale)
                yield told(term, detail, events, location)


def _of_bundle(sku: Sku) -> Iterator[Term]:
    """Bundles of one place: all their components lie there."""
    for location, units in sorted(sku["bundle"]["locations"].items() if sku["bundle"] else ()):
        yield Term(BUNDLE, units, f"all its components lie at {location}", location)


def components_of(sku: Sku, channel: str) -> Iterator[Term]:
    """What each component of a bundle makes of it, and which one there is least of."""
    limit = made(sku, channel)[1]
    for each in sku["bundle"]["components"] if is_bundle(sku) and sku["bundle"] else ():
        units, per = each["channels"].get(channel, each["quantity"]), each["per_bundle"]
        detail = f"{units} of {each['sku']}, {per} in one bundle: {units // per}"
        yield Term(BUNDLE, 0, f"{detail}; there is least of it" if each["sku"] == limit else detail)


def of_rules(sku: Sku, evidence: Evidence, channel: str) -> Iterator[Term]:
    """What the channel's rules, and what is kept for others, take of it."""
    for term in rule_terms(sku, channel, rule_of(sku["rules"], channel), guaranteed(sku)):
        if term.units:
            yield told(term, words(term), evidence.rules)


def notes(shadow: Shadow, evidence: Evidence, channel: str) -> Iterator[Term]:
    """What is no part of the number, and might be taken for one: other sources, supply on its way, back-orders."""
    scale = scale_of(shadow.sku)
    for (location, source), event in sorted(evidence.observed.items()):
        detail = (
            f"{source} says {decimal_text(event.quantity or 0, scale)} at {location}; another source is believed there"
        )
        yield Term("not_authority", 0, detail, location, (event,), 1)
    yield from _doubts(shadow)
    yield from components_of(shadow.sku, channel)
    for supply in expected(shadow.rows):
        events = [evidence.supplies[supply["supply"]]] if supply["supply"] in evidence.supplies else []
        yield told(Amount("future_supply", 0), _announced(supply, scale), events, supply["location"])
    room = backorder_room(shadow.sku, rule_of(shadow.sku["rules"], channel))
    if room is not None:
        yield told(
            Amount("backorder_allowance", 0), f"{decimal_text(room, scale)} more may wait for stock", evidence.rules
        )


def _doubts(shadow: Shadow) -> Iterator[Term]:
    """Sources whose reports are missing, and locations that two sources count. Cost: O(sources that are followed)."""
    rules = shadow.sku["rules"]
    for each in rules["sequenced"] if rules else ():
        gap = gap_of(shadow.rows, each["location"], each["source"])
        if gap and missing(gap):
            numbers = ", ".join(f"#{number}" for number in gap["missing"][:MOST_NUMBERS]) or "older ones"
            detail = f"{each['source']} said more of {each['location']} than was heard: {numbers} missing"
            yield Term("source_gap", 0, detail, each["location"])
    for location, first in sorted(shadow.sku["contested"].items()):
        detail = f"{first} and another source count {location}, none is its authority: the newest count holds"
        yield Term("not_authority", 0, detail, location)


def scale_of(sku: Sku) -> int:
    """Decimal places of the SKU's base unit."""
    return sku["rules"]["scale"] if sku["rules"] else 0


def told(term: Amount, detail: str, events: Sequence[Event], location: str = "") -> Term:
    """The term with the newest of its events."""
    return Term(term.code, term.units, detail, location, tuple(events[-MOST_EVENTS:]), len(events))


def _behind(term: Amount, location: str, evidence: Evidence, here: Iterable[Held]) -> Sequence[Event]:
    match term.code:
        case "on_hand":
            grounds = evidence.on_hand.get(location)
        case "unsellable_damaged" | "unsellable_quality":
            grounds = evidence.classes.get((location, term.about))
        case "safety_fixed":
            return evidence.rules
        case _:
            return _by_age(event for held in here if _counts(term, held) for event in held.events)
    return grounds.events() if grounds else ()


def _by_age(events: Iterable[Event]) -> list[Event]:
    """Each event once, also where it made several rows."""
    return sorted({event.id: event for event in events}.values(), key=lambda event: (event.at, event.id))


def _counts(term: Amount, held: Held) -> bool:
    """Whether a ledger row is a part of this term."""
    if term.code == "allocated":
        return held.row["allocated"] > 0
    return held.row["reserved"] > 0 and (held.kind == CART) == (term.code == "reserved_cart")


def _whose(term: Amount, here: Iterable[Held]) -> str:
    if term.code not in ("reserved_cart", "reserved_order", "allocated"):
        return ""
    holders = {held.row["holder"] for held in here if _counts(term, held)}
    return f", {len(holders)} of them" if len(holders) > 1 else f": {next(iter(holders))}" if holders else ""


def _basis(term: Amount, events: Sequence[Event], scale: int) -> str:
    """The count that on hand stands on."""
    if term.code != "on_hand" or not events:
        return ""
    first, moves = events[0], len(events)
    if first.type not in ("inventory.counted", "inventory.drift.corrected"):
        return f"; {moves} movements, never counted"
    number = "" if first.sequence is None else f" #{first.sequence}"
    as_of = "" if first.as_of is None else f" as of {rfc3339(first.as_of)}"
    return f"; {first.source}{number} counted {decimal_text(first.quantity or 0, scale)}{as_of}, {moves - 1} movements since"


def _announced(supply: Supply, scale: int) -> str:
    due = "no date" if supply["due"] is None else rfc3339(supply["due"])
    return f"{decimal_text(to_come(supply), scale)} to come to {supply['location']}: {supply['supply']}, {due}"
