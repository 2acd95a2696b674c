"""Many dead letters at once are a deploy gone wrong, not data: the agent stops before it buries its whole mailbox."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

MOST = 500  # dead letters within a window; fewer are somebody's data
WINDOW_S = 60.0


class TooManyDead(RuntimeError):
    """More than half of what was decided lately is dead; what is not committed yet stays in the mailbox."""


class Flood:
    """Counts dead letters over the last minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lately: deque[tuple[float, int, int]] = deque()

    def note(self, dead: int, records: int) -> None:
        """A batch is about to be committed; raises TooManyDead."""
        now = self._clock()
        self._lately.append((now, dead, records))
        while self._lately[0][0] < now - WINDOW_S:
            self._lately.popleft()
        buried, decided = sum(entry[1] for entry in self._lately), sum(entry[2] for entry in self._lately)
        if buried > MOST and 2 * buried > decided:
            raise TooManyDead(f"{buried} of the last {decided} records could not be decided")
