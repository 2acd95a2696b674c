"""Two figures of one shelf: how much of their difference is known, and how much nobody can explain.

Compared at one cut: what the other side had not heard of then explains the difference; the rest is drift.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class InFlight(NamedTuple):
    """A movement that one side has counted and the other has not."""

    event: str
    quantity: int  # signed change that the other side has still to make
    reason: str = "in_flight"


class Attribution(NamedTuple):
    """A difference, theirs less ours, taken apart: attributed + unexplained."""

    difference: int
    attributed: int
    unexplained: int
    events: tuple[InFlight, ...]


def attribute(theirs: int, ours: int, in_flight: Iterable[InFlight]) -> Attribution:
    """What explains that the other side says something else. Cost: O(movements in flight)."""
    events = tuple(in_flight)
    coming = sum(event.quantity for event in events)
    return Attribution(theirs - ours, -coming, theirs - ours + coming, events)
