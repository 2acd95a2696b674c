"""A buffer for what is sold elsewhere and not heard of yet: smallest b with P(unseen demand > b) <= target.

Unseen demand is a Poisson process with the measured rate over the feed's lag bound. The plain number is always shown
beside the safe one.
"""

from __future__ import annotations

from decimal import Decimal, localcontext

DIGITS = 50  # a tail of 10^-20 is still exact
MOST = 100_000  # units; a lag that needs more is an outage, not a buffer


def buffer_units(demand_per_minute: Decimal, lag_minutes: Decimal, target: Decimal) -> int:
    """Units not to offer while the feed is late by up to its bound; 0 without demand or lag. Cost: O(the answer)."""
    expected = demand_per_minute * lag_minutes
    if expected <= 0 or target >= 1:
        return 0
    with localcontext() as exact:
        exact.prec = DIGITS
        term = (-expected).exp()
        within, units = term, 0
        while 1 - within > target and units < MOST:
            units += 1
            term = term * expected / units
            within += term
    return units


def safe_to_sell(available: int, buffer: int) -> int:
    """What can be sold although the feed is late."""
    return max(0, available - buffer)
