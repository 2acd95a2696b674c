"""When to start a program again that has ended: soon at first, then ever later; a long good run is a new beginning."""

from __future__ import annotations

from dataclasses import dataclass

FIRST_S = 0.2
MOST_S = 10.0
GOOD_S = 30.0


@dataclass(slots=True)
class Backoff:
    """The pauses before one program's restarts."""

    failures: int = 0

    def pause(self, ran_s: float) -> float:
        """Seconds to wait after a run of `ran_s` seconds that ended by itself."""
        self.failures = 1 if ran_s >= GOOD_S else self.failures + 1
        return float(min(MOST_S, FIRST_S * 2 ** (self.failures - 1)))
