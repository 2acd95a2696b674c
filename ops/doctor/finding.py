"""What an examination finds: good, bad with its remedy, or not examined with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from schemas.settings import Settings


class State(StrEnum):
    """How one thing stands."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    state: State
    saw: str
    remedy: str = ""


Examination = Callable[[Settings], Iterable[Finding]]


def good(subject: str, saw: str) -> Finding:
    """It is as it should be."""
    return Finding(subject, State.GOOD, saw)


def bad(subject: str, saw: str, remedy: str) -> Finding:
    """It is not, and this helps."""
    return Finding(subject, State.BAD, saw, remedy)


def unknown(subject: str, why: str) -> Finding:
    """It could not be looked at."""
    return Finding(subject, State.UNKNOWN, why)


def judged(subject: str, saw: object, *, wanted: object, remedy: str) -> Finding:
    """Good where what was seen is what is wanted."""
    if saw == wanted:
        return good(subject, str(saw))
    return bad(subject, f"{saw}, not {wanted}", remedy)
