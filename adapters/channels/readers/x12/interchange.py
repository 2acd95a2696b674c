"""Envelopes of X12: interchanges, groups and transaction sets of a file, whatever is wrong with their counts.

Wrong counts, wrong control numbers and missing trailers are doubts that travel with the transaction; a partner's
profile may make them a refusal. Source: X12.5, X12.6; reference/domain/orders.md §3.1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from adapters.channels.readers.document import NOWHERE, Place, Problem
from adapters.channels.readers.x12.segments import Segment

COUNT, TRAILER, REPAIRED = "WH1204", "WH1205", "WH1214"
DOUBTS = frozenset((COUNT, TRAILER, REPAIRED))
DOUBT_LIMIT = 20


class Doubts(list[Problem]):
    """The first doubts about an envelope; the hundredth says nothing new, and a set reports those of all envelopes around it."""

    def note(self, code: str, message: str, place: Place = NOWHERE) -> None:
        """Add a doubt while there are few."""
        if len(self) < DOUBT_LIMIT:
            self.append(Problem(code, message, place))


@dataclass(slots=True)
class Interchange:
    """One ISA to IEA."""

    elements: tuple[str, ...]
    groups: int = 0
    stray: str = ""  # tag of an unknown segment between groups: a damaged ISA, so nobody knows whose the rest is
    doubts: Doubts = field(default_factory=Doubts)

    @property
    def sender(self) -> str:
        return f"{self.elements[4]}:{self.elements[5]}"

    @property
    def receiver(self) -> str:
        return f"{self.elements[6]}:{self.elements[7]}"

    @property
    def control(self) -> str:
        return self.elements[12]

    @property
    def test(self) -> bool:
        return self.elements[14] == "T"


@dataclass(slots=True)
class Group:
    """One GS to GE."""

    head: Segment
    sets: int = 0
    doubts: Doubts = field(default_factory=Doubts)

    @property
    def sender(self) -> str:
        return self.head.get(2)

    @property
    def control(self) -> str:
        return self.head.get(6)

    @property
    def version(self) -> str:
        return self.head.get(8)


@dataclass(slots=True)
class Transaction:
    """One ST to SE, with the envelopes around it."""

    interchange: Interchange
    group: Group
    position: int  # in the file, from 1
    segments: list[Segment]
    doubts: Doubts = field(default_factory=Doubts)
    too_long: Place | None = None  # of an element over the limit
    stray: str = ""  # the interchange's stray segment, where it came before this set
    closed: bool = False  # by its own SE; else it was cut off

    @property
    def kind(self) -> str:
        return self.segments[0].get(1)

    @property
    def control(self) -> str:
        return self.segments[0].get(2)

    @property
    def controls(self) -> str:
        return f"{self.interchange.control}/{self.group.control}/{self.control}"

    @property
    def all_doubts(self) -> tuple[Problem, ...]:
        return (*self.doubts, *self.group.doubts, *self.interchange.doubts)


@dataclass(slots=True)
class File:
    """What was found: transactions in order, and why reading stopped, if it did."""

    interchanges: list[Interchange] = field(default_factory=list)
    transactions: list[Transaction] = field(default_factory=list)
    segments: int = 0
    broken: Problem | None = None
