"""What must hold of a round, by what buyers were told, by the log, and by Redis; a broken promise is a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ops.stock.rush.crowd import Answer
from ops.stock.rush.outside import Ledger


@dataclass(frozen=True, slots=True)
class Seen:
    """What the log and Redis said at one moment."""

    on_hand: int
    held: int
    waiting: int
    holders: frozenset[str]
    most_promised: int
    offered: int | None

    @classmethod
    def of(cls, ledger: Ledger, offered: int | None) -> Seen:
        """A ledger as it stands."""
        holders = frozenset(ledger.holders)
        return cls(ledger.on_hand, ledger.held, ledger.waiting, holders, ledger.most_promised, offered)


def after_rush(units: int, answers: Sequence[Answer], late: Answer, seen: Seen) -> Iterator[str]:
    """Exactly all units are sold, everybody else was refused clearly, and log, Redis and buyers say the same."""
    won = [one for one in answers if one.won]
    unclear = Counter(_said(one) for one in answers if not one.won and not one.refused)
    if len(won) != min(units, len(answers)):
        yield f"{len(won)} buyers were told that they have one of {units} units"
    if unclear:
        yield f"{unclear.total()} buyers were told neither yes nor no: {dict(unclear)}"
    if not late.refused:
        yield f"who asks when all are sold is told: {_said(late)}"
    if {one.reservation for one in won} != seen.holders:
        yield f"{len(won)} buyers were told yes, and by the log {len(seen.holders)} hold something: not the same ones"
    if seen.most_promised > units:
        yield f"at one moment {seen.most_promised} of {units} units were promised"
    if (seen.on_hand, seen.held, seen.waiting) != (units, len(won), 0):
        yield f"by the log {seen.on_hand} are there, {seen.held} held and {seen.waiting} waited for"
    if seen.offered != units - len(won):
        yield f"Redis offers {seen.offered}"


def after_return(units: int, kept: Sequence[str], seen: Seen) -> Iterator[str]:
    """Everything was given back, so everything can be sold again.

    kept  holds that could not be given back
    """
    if kept:
        yield f"{len(kept)} holds could not be given back, such as {kept[0]}"
    if (seen.on_hand, seen.held, seen.waiting) != (units, 0, 0):
        yield f"given back: by the log {seen.on_hand} are there, {seen.held} held and {seen.waiting} waited for"
    if seen.offered != units:
        yield f"given back: Redis offers {seen.offered} of {units}"


def _said(answer: Answer) -> str:
    code = answer.body.get("code") or answer.body.get("title") or ""
    return f"{answer.status or 'nothing'} {code}".strip()
