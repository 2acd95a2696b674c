"""What later events make of a drift: a movement that was heard late, a count that corrects, new rules, time, a person.

An accepted observation is taken over as a count of its time: movements after it are merged in, those that it has inside
count no more, and the authority's next count supersedes it as it does any other. An accepted position leaves all as it
is: the source is known to be off by so much, until it agrees or differs by something else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import Comparison, CorrectDrift, DriftDue, DriftEvent, Position
from schemas.generated.state_inventory_v1 import Sku
from streams.inventory.book import Book
from streams.inventory.observe import again, authority_of, compare_again, comparison_of, settle, tolerance
from tables.inventory import names
from tables.inventory.attribution import ON_HAND, OURS
from tables.inventory.classes import OTHER, changed
from tables.inventory.comparison import drifts, known_off
from tables.inventory.history import comparisons, split
from tables.inventory.movements import Later

OBSERVED, DERIVED = "observed", "derived"
POLICY = "policy"
KINDS = {"inventory.counted": "count", "inventory.drift.corrected": "correction"}
RECOUNTED = {
    "inventory.counted": "drift",
    "inventory.drift.corrected": "change",
}  # what each calls its change of on hand


def correct(book: Book, command: CorrectDrift) -> None:
    """Take over what a person decided about an observation, once, or say why not."""
    command_id = f"correct/{command['correction'] or book.message.envelope.id}"
    seen = comparison_of(book, command["location"], command["source"])
    if book.rows.get(names.event(command_id)):
        _refuse(book, command, "duplicate", "")
    elif seen is None:
        _refuse(book, command, "not_compared", command_id)
    elif reason := _refusal(seen, command):
        _refuse(book, command, reason, command_id)
    else:
        _correct(book, seen, command["accept"], command["by"], command["reason"], command_id)


def drift_due(book: Book, command: DriftDue) -> None:
    """A drift may have lasted too long: look at it as it is known now."""
    known = comparison_of(book, command["location"], command["source"])
    if known is not None:
        compare_again(book, known)
    if not book.decided:
        book.ignored("not_due", location=command["location"], source=command["source"])


def reconcile(book: Book, before: Sku | None) -> None:
    """Compare again what a command changed under an observation, and do what the policy says of exceptions.

    Where nobody is observed this is one look at the SKU's row; where somebody is, an ordinary movement or count is later
    than the observation, or finds what was known, and nothing is read.
    """
    if not book.sku["observed"]:
        return
    if book.message.type == "stock.set-rules":
        _ruled(book)
    judged = [fact.record for fact in book.facts if fact.type == "inventory.drift.corrected"]
    done = {(each["location"], each["source"]) for each in judged}
    was_there = before["positions"] if before else {}
    for location, events in _changes(book, was_there).items():
        for was in comparisons(book.rows, location):
            if (location, was["source"]) not in done:
                compare_again(book, was, events)
    _by_policy(book)


def _changes(book: Book, was_there: Mapping[str, Position]) -> dict[str, list[DriftEvent]]:
    """Observed locations whose figures of an observation's time have changed, with the counts that changed them."""
    found: dict[str, list[DriftEvent]] = {}
    for fact in book.facts:
        for move in fact.record.get("moves", ()):
            watched = book.sku["observed"].get(move["location"])
            if watched and move["at"] <= watched["newest"]:
                found.setdefault(move["location"], [])
        if fact.type in RECOUNTED and fact.record["location"] in book.sku["observed"]:
            for event in _recounted(fact.type, fact.record, was_there):
                found.setdefault(fact.record["location"], []).append(event)
    return found


def _recounted(kind: str, record: Mapping[str, Any], was_there: Mapping[str, Position]) -> Iterator[DriftEvent]:
    """By how much a count changed each figure of its location; nothing where it found what was known."""
    change = record[RECOUNTED[kind]]
    for place in record["positions"]:
        was = was_there.get(place["location"])
        before = was["classes"] if was else {}
        if change or place["classes"] != before:
            classes = changed(place["classes"], {name: -units for name, units in before.items()})
            told = {ON_HAND: change, **classes} if change else classes
            for stock_class, units in told.items():
                yield _count_of(kind, record, stock_class, units)


def _count_of(kind: str, record: Mapping[str, Any], stock_class: str, units: int) -> DriftEvent:
    number = "" if record["source_sequence"] is None else f"#{record['source_sequence']}"
    name = record.get("event_id") or record.get("command_id") or number or str(record["as_of"])
    return inventory.drift_event(
        event_id=f"{record['source']}/{name}", kind=KINDS[kind], side=OURS, source=record["source"],
        at=record["as_of"], quantity=units, stock_class=stock_class,
    )  # fmt: skip


def _ruled(book: Book) -> None:
    """New rules: who is believed now is observed no more, and what is tolerated may be something else."""
    for location in sorted(book.sku["observed"]):
        for was in comparisons(book.rows, location):
            if authority_of(book, location) in ("", was["source"]):
                _end(book, was)
            else:
                compare_again(book, was)


def _end(book: Book, was: Comparison) -> None:
    record = inventory.stock_compared(
        **book.stamp(), location=was["location"], source=was["source"], cause=book.message.type, ended=True
    )
    book.fact("inventory.compared", record)


def _by_policy(book: Book) -> None:
    """What rules say that is to be accepted without a person, once a drift is an exception."""
    raised = [fact.record for fact in book.facts if fact.type == "inventory.drift.crossed" and fact.record["in_force"]]
    for location, source in dict.fromkeys((each["location"], each["source"]) for each in raised):
        seen = comparison_of(book, location, source)
        accept = tolerance(book, seen)["accept"] if seen else ""
        if seen and accept in (OBSERVED, DERIVED):
            _correct(book, seen, accept, POLICY, "tolerance exceeded", "")


def _refusal(seen: Comparison, command: CorrectDrift) -> str:
    """Why the decision cannot be carried out, "" where it can."""
    if command["as_of"] != seen["as_of"]:
        return "other_observation"
    if command["accept"] not in (OBSERVED, DERIVED):
        return "unknown_kind"
    if not seen["exact"]:
        return "not_at_one_cut"
    return "" if drifts(seen) else "agrees"


def _refuse(book: Book, command: CorrectDrift, reason: str, command_id: str) -> None:
    book.ignored(
        reason, location=command["location"], source=command["source"], event_id=command["correction"],
        command_id=command_id,
    )  # fmt: skip


def _correct(book: Book, seen: Comparison, accept: str, by: str, reason: str, command_id: str) -> None:
    was = book.position(seen["location"])
    place = _as_observed(was, seen, split(book.rows, seen)[1]) if accept == OBSERVED else was
    now = again(book, seen, seen, place) if accept == OBSERVED else known_off(seen)
    record = inventory.drift_corrected(
        **book.stamp(), location=seen["location"], source=seen["source"], source_sequence=seen["sequence"],
        as_of=seen["as_of"], accepted=accept, by=by, reason=reason, observed=seen["quantity"],
        change=place["on_hand"] - was["on_hand"], command_id=command_id,
        positions=[place] if accept == OBSERVED else [], comparison=now,
    )  # fmt: skip
    book.fact("inventory.drift.corrected", record)
    settle(book, seen, now)


def _as_observed(was: Position, seen: Comparison, after: Later) -> Position:
    """The position as if the observation had been a count; what a later count had inside stays inside."""
    newer = was["counted_as_of"] is None or seen["as_of"] >= was["counted_as_of"]
    place: Position = {
        **was,
        "on_hand": seen["quantity"] + after.on_hand,
        "as_of": max(seen["as_of"], was["as_of"] or seen["as_of"]),
    }
    if newer:
        place = {
            **place, "source": seen["source"], "counted_as_of": seen["as_of"], "counted_sequence": seen["sequence"],
        }  # fmt: skip
    told = seen["classes"] or ({OTHER: seen["unsellable"]} if seen["unsellable"] is not None else None)
    if told is None:
        return place
    classes = changed(told, after.classes)
    place = {**place, "classes": classes, "unsellable": sum(classes.values())}
    if was["classed_as_of"] is not None and seen["as_of"] < was["classed_as_of"]:
        return place
    return {**place, "classed_as_of": seen["as_of"], "classed_sequence": seen["sequence"]}
