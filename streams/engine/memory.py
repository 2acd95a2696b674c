"""Python's garbage collector in a process that runs agents: what is loaded before the first record is no garbage.

Frozen, it is not looked through again. After that the collector is called between batches, about once a second, when next
to nothing of them is left: in the middle of a batch it would look through some hundred thousand objects, nearly none of
them in cycles, again and again. Settled before any session is made, so that a session's own cycles can still be collected.
"""

from __future__ import annotations

import gc

YOUNG, MIDDLE, OLD = 2_000_000, 5, 50  # a batch makes far less: this is for a process whose engines stand still
TIDY_S, WHOLE_S = 1.0, 600.0


def settle() -> None:
    """Collect what loading left behind, freeze the rest, look only when asked to, or when very much is new."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)


class Tidying:
    """When the collector was called last; one for a process, however many engines it runs."""

    def __init__(self) -> None:
        self._young, self._whole = 0.0, 0.0

    def between_batches(self, at: float) -> None:
        """Free the cycles among what is new, and now and then all of them; `at` is the monotonic clock's time."""
        if at - self._young < TIDY_S:
            return
        self._whole = self._whole or at
        whole = at - self._whole >= WHOLE_S
        self._young, self._whole = at, at if whole else self._whole
        gc.collect(2 if whole else 1)

    def between_sessions(self) -> None:
        """Free the clients of sessions that have ended: they hang in cycles, and each has threads until it is freed."""
        gc.collect()


TIDYING = Tidying()
