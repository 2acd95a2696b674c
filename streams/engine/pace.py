"""How many records one transaction takes: large under backlog, smaller where deciding gets slow.

A commit has a cost of its own, whatever is in it: where brokers are slow a smaller batch only makes more commits, and a
backlog that never ends (a campaign's notify: 1.1 s a commit, 50 records each). So it shrinks a batch only where it comes
near the transaction's time-out.
"""

from __future__ import annotations

FEWEST, MOST = 50, 4_000
SLOW_S, QUICK_S = 1.0, 0.25  # of deciding: it should not hold up its readers
LONG_S = 4.0  # of committing: less than half of a transaction's time-out


class Pace:
    """Halves after a slow batch, doubles after a quick full one."""

    def __init__(self) -> None:
        self.limit = 1_000

    def took(self, deciding_s: float, records: int, committing_s: float = 0.0) -> None:
        """A batch of so many records took so long."""
        if deciding_s > SLOW_S or committing_s > LONG_S:
            self.limit = max(FEWEST, self.limit // 2)
        elif deciding_s < QUICK_S and records >= self.limit:
            self.limit = min(MOST, self.limit * 2)
