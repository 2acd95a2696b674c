"""What a projection writes: versioned values for a read model, and the port that takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol


class Write(NamedTuple):
    """One value of a read model; it is taken only if `version` is newer than what stands there."""

    key: str  # Redis key without environment prefix, such as av:acme:WIDGET-A
    version: int
    value: bytes | None  # None removes
    field: str = ""  # field of a hash; "" where the key is one JSON string with its "version" inside
    scored: bool = False  # member of a sorted set, scored by version: adding it twice is adding it once
    ttl_s: int = 0  # 0 = kept
    row: bool = False  # a field that may end: nothing stays of it, and the newest version of its hash guards them all


class SinkAway(Exception):
    """The read model cannot be reached now; the batch is tried again, nothing is committed."""


class SinkEmptied(Exception):
    """The read model was lost or replaced: everything has to be projected again from the beginning."""


class SinkBehind(Exception):
    """The read model came back with less than it had taken: of these partitions it knows up to an offset only."""

    def __init__(self, known: Mapping[tuple[str, int], int]) -> None:
        super().__init__(f"the read model knows of less: {dict(known)}")
        self.known = dict(known)


class Sink(Protocol):
    """Where a projection's writes go. All calls come from one thread."""

    def write(self, writes: Sequence[Write]) -> None:
        """Take all writes, each by compare-and-set; raises SinkAway or SinkEmptied."""

    def moved(self, spans: Mapping[tuple[str, int], tuple[int, int]]) -> None:
        """Before a commit, and about once a second: each (topic, partition) goes on from an offset to another.

        raises SinkAway, SinkBehind, SinkEmptied
        """

    def caught_up(self, marks: Mapping[tuple[str, int], int]) -> None:
        """About once a second: up to which broker time (ms) each (topic, partition) is projected."""
