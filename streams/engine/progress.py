"""How far a restore is, how quick it goes, and when it will be done."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from streams.engine.records import TP

TOLD_S = 5.0  # between two lines of the log


@dataclass(frozen=True, slots=True)
class Told:
    """One look at a restore. Offsets are counted: compaction leaves gaps, so there may be fewer rows than that."""

    done: int
    of: int
    per_s: int
    eta_s: int | None  # None = nothing was read yet


class Progress:
    """One takeover's way from the stored positions to the changelogs' ends."""

    def __init__(
        self, starts: Mapping[TP, int], ends: Mapping[TP, int], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._starts, self._of, self._clock = dict(starts), sum(ends[tp] - at for tp, at in starts.items()), clock
        self._began = self._last = clock()

    def look(self, reached: Mapping[TP, int]) -> Told:
        """How it stands."""
        done = min(self._of, sum(max(0, reached[tp] - at) for tp, at in self._starts.items()))
        passed = max(self._clock() - self._began, 1e-6)
        eta_s = round((self._of - done) * passed / done) if done else None
        return Told(done, self._of, round(done / passed), eta_s)

    def is_time(self) -> bool:
        """Whether operators should hear of it again."""
        if self._clock() - self._last < TOLD_S:
            return False
        self._last = self._clock()
        return True
