"""Clocks of sources drift; a time that has not come yet is not believed."""

from __future__ import annotations

TOLERATED_MS = 2 * 60_000  # inventory.md §7


def not_ahead(at: int, now: int) -> tuple[int, bool]:
    """The time, or now where it lies further ahead than clocks may drift; and whether it was cut."""
    return (now, True) if at > now + TOLERATED_MS else (at, False)
