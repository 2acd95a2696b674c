"""Python's garbage collector in a process that runs agents: what is loaded before the first record is no garbage.

Frozen, it is not looked through again; and young objects are looked through by the batch, not every 700 of them. Done
before any session is made, so that a session's own cycles can still be collected.
"""

from __future__ import annotations

import gc

YOUNG, MIDDLE, OLD = 20_000, 20, 50  # a batch's records make some hundred thousand objects, nearly none in cycles


def settle() -> None:
    """Collect what loading left behind, freeze the rest, look less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
