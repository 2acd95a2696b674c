"""When an entry is tried again, and how many attempts of a view may be under way at once."""

from __future__ import annotations

import hashlib

SECOND = 1_000
MINUTE, HOUR = 60 * SECOND, 3_600 * SECOND

# Waits before the 2nd to the 10th attempt: 75 h 35 min 5 s in all. Source: Standard Webhooks 1.0.0, example schedule.
WAITS = (5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
ATTEMPTS = len(WAITS) + 1
JITTER_PERCENT = 10

WINDOW = 32  # attempts under way per view: some 2 s of work for a receiver that answers in 60 ms
PROBING = WINDOW.bit_length() - 1  # so many failures in a row leave one attempt at a time: a probe
ATTEMPT_LIFE_MS = 10 * MINUTE  # a door that begins later than this leaves it: the view has granted another
ATTEMPT_GRACE_MS = MINUTE  # clocks of door and broker may differ by this much
LEAST_SLOW_MS = 5 * SECOND
MOST_SLOW_MS = 24 * HOUR


def wait_ms(webhook_id: str, answered: int) -> int:
    """How long an entry waits after so many answered attempts, with ±10 % jitter that its id decides."""
    wait = WAITS[answered - 1]
    draw = int.from_bytes(hashlib.sha256(f"{webhook_id}/{answered}".encode()).digest()[:4])
    span = wait * JITTER_PERCENT // 100
    return wait - span + draw * 2 * span // 0xFFFFFFFF


def window(failures: int) -> int:
    """Attempts that may be under way: halved by each failure in a row, whole again after a success."""
    return max(1, WINDOW >> failures)


def slowed_ms(retry_after_s: int) -> int:
    """How long an endpoint that asked for less is left alone."""
    return min(MOST_SLOW_MS, max(LEAST_SLOW_MS, retry_after_s * SECOND))
