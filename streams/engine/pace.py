"""How many records one transaction takes: large under backlog, smaller where deciding and committing get slow."""

from __future__ import annotations

FEWEST, MOST = 50, 4_000
SLOW_S, QUICK_S = 1.0, 0.25  # a transaction should be far below its time-out, and not hold up its readers


class Pace:
    """Halves after a slow batch, doubles after a quick full one."""

    def __init__(self) -> None:
        self.limit = 1_000

    def took(self, seconds: float, records: int) -> None:
        """A batch of so many records took so long."""
        if seconds > SLOW_S:
            self.limit = max(FEWEST, self.limit // 2)
        elif seconds < QUICK_S and records >= self.limit:
            self.limit = min(MOST, self.limit * 2)
