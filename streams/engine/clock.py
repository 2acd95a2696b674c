"""What time it is for the broker, by whose time everything is decided.

A timer's command counts as of the time that the timer was due at: whoever fires it early has decided early. So timers are
not fired by the machine's wall clock, which may be wrong at the start of a process and may be set while it runs, but by
monotonic time and what the broker's stamps on mailboxes tell.
"""

from __future__ import annotations

import time
from collections.abc import Callable

SURE_S = 60.0  # how long a comparison with the broker's clock is good for: that one may be set, too


class BrokerClock:
    """The broker's time, as well as it is known; that of this machine until the broker has told."""

    def __init__(self, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._ahead = wall() - monotonic()  # seconds, of the broker's time before our monotonic one
        self._told: float | None = None  # when the broker last stamped what we sent

    def now(self) -> int:
        """Milliseconds since the epoch."""
        return int(1000 * (self._monotonic() + self._ahead))

    @property
    def sure(self) -> bool:
        """Whether the broker's clock was compared with ours a short time ago."""
        return self._told is not None and self._monotonic() - self._told < SURE_S

    def heard(self, stamp: int) -> None:
        """The broker stamped a record with this before now: so late it is at least."""
        self._ahead = max(self._ahead, stamp / 1000 - self._monotonic())

    def stamped(self, stamp: int, since: float) -> None:
        """It gave this stamp after the monotonic moment `since`: so late it was at most."""
        self._ahead = min(self._ahead, (stamp + 1) / 1000 - since)
        self._told = self._monotonic()
        self.heard(stamp)
