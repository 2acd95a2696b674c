"""What happens when no fault is left: nobody stands still who has something to decide, and what waits becomes little.

The reliability page asks for less than 1,000 records within 60 s and 30 s at most without progress (I12). On a machine that is
busy to its last core the first says how busy it is, so it is told and not judged. The second is judged, with the 60 s added
that three restarts over a record which kills may take.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ops.chaos.evidence import Violation
from ops.chaos.recovery import Offsets
from streams.engine.records import TP

STILL_S = 90.0
LITTLE = 1_000  # records
GOES_ON = "no partition stands still that has something to decide"


@dataclass
class Standstill:
    """Looks at every group again and again, from the last fault on."""

    clock: Callable[[], float] = time.monotonic
    longest_s: float = 0.0
    longest_of: str = ""
    _began: float = 0.0
    _much: float = 0.0  # when there was last much to decide
    _since: dict[tuple[str, TP], tuple[int, float]] = field(default_factory=dict)  # offset committed, and since when

    def begin(self) -> None:
        """The last fault is over."""
        self._began = self._much = self.clock()
        self._since.clear()

    def look(self, group: str, committed: Mapping[TP, int], ends: Offsets) -> None:
        """One group's offsets, where they could be asked; nothing before begin()."""
        if not self._began or not committed:
            return
        now = self.clock()
        for tp, end in ends.items():
            at = committed.get(tp, 0)
            before, since = self._since.get((group, tp), (-1, now))
            if at != before or at >= end:
                since = now
            self._since[group, tp] = at, since
            if now - since > self.longest_s:
                self.longest_s, self.longest_of = now - since, f"{group} at {at} of {end} in {tp.topic}/{tp.partition}"
        if sum(max(0, end - committed.get(tp, 0)) for tp, end in ends.items()) >= LITTLE:
            self._much = now

    @property
    def little_after_s(self) -> float:
        """Seconds after the last fault from which on every group had little to decide."""
        return self._much - self._began

    def violations(self) -> Iterable[Violation]:
        """Who stood still for too long."""
        if self.longest_s > STILL_S:
            yield Violation(GOES_ON, f"{self.longest_of} for {self.longest_s:.0f} s")

    def told(self) -> str:
        """For the report."""
        return f"{self.longest_s:.0f} s at most; less than {LITTLE:,} records in each group after {self.little_after_s:.0f} s"
