"""What must be there, worked out from what was delivered alone: in which order it came is not looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from tests.model.script import Step

UNSELLABLE = {"damaged": 1, "quarantined": 1, "cleared": -1}


class Goods(NamedTuple):
    """Units at a location."""

    on_hand: int
    unsellable: int


def goods(delivered: Iterable[Step], location: str) -> Goods:
    """The newest count, and all movements that it has not inside."""
    steps = list(delivered)
    counts = [step.record for step in steps if _is_count(step, location)]
    newest = max(counts, key=lambda record: record["sequence"], default=None)
    classed = max(
        (each for each in counts if each["unsellable"] is not None), key=lambda each: each["sequence"], default=None
    )
    moves = [move for step in steps for move in _moves(step, location)]
    on_hand = sum(units for units, _, record in moves if not _inside(record, newest))
    unsellable = sum(units for _, units, record in moves if not _inside(record, classed))
    return Goods(
        on_hand + (newest["quantity"] if newest else 0), unsellable + (classed["unsellable"] if classed else 0)
    )


def closed(delivered: Iterable[Step], holder: str) -> int:
    """The newest attempt of a holder that was given back for good."""
    attempts = [
        step.record["attempt"]
        for step in delivered
        if step.kind == "stock.release" and step.record["holder"] == holder and not step.record["lines"]
    ]
    return max(attempts, default=0)


def wanted(delivered: Iterable[Step], holder: str) -> int:
    """The most that a holder can have a right to: all that it ever asked for and all that was given to it."""
    asked = 0
    for step in delivered:
        if step.kind == "stock.reserve" and step.record["holder"] == holder:
            asked += sum(line["quantity"] for line in step.record["lines"])
        elif step.kind == "stock.transfer" and step.record["to_holder"] == holder:
            asked += step.record["quantity"]
    return asked


def shipped(delivered: Iterable[Step]) -> int:
    """Units that left."""
    return sum(step.record["quantity"] for step in delivered if step.kind == "stock.ship")


def _is_count(step: Step, location: str) -> bool:
    return step.kind == "stock.report" and step.record["kind"] == "counted" and step.record["location"] == location


def _moves(step: Step, location: str) -> list[tuple[int, int, Mapping[str, Any]]]:
    """On hand and unsellable units by which a step moves a location."""
    record = step.record
    if step.kind == "stock.ship" and record["location"] == location:
        return [(-record["quantity"], 0, record)]
    if step.kind != "stock.report" or record["kind"] == "counted":
        return []
    if record["kind"] in UNSELLABLE:
        return [(0, UNSELLABLE[record["kind"]] * record["quantity"], record)] if record["location"] == location else []
    if record["kind"] == "transferred":
        sign = (record["to_location"] == location) - (record["location"] == location)
        return [(sign * record["quantity"], 0, record)] if sign else []
    return [(record["quantity"], record["unsellable"] or 0, record)] if record["location"] == location else []


def _inside(record: Mapping[str, Any], count: Mapping[str, Any] | None) -> bool:
    """By the source's own sequence, else by time."""
    if count is None:
        return False
    if record.get("sequence") is not None:
        return bool(record["sequence"] <= count["sequence"])
    at: int = record["at"] if "at" in record else record["as_of"]
    return at <= int(count["as_of"])
