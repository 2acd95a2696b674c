"""The arithmetic of a measurement: percentiles, rates, cost per event, ratios."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


class NothingMeasured(ValueError):
    """There is no figure where nothing was counted."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, milliseconds: the middle, and what one in a hundred exceeds."""

    p50_ms: float
    p99_ms: float
    count: int


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share of all does not exceed (nearest rank); raises NothingMeasured."""
    if not values:
        raise NothingMeasured("no values")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def spread(seconds: Sequence[float]) -> Spread:
    """Durations in seconds → their spread in milliseconds; raises NothingMeasured."""
    return Spread(1000 * percentile(seconds, 0.50), 1000 * percentile(seconds, 0.99), len(seconds))


def rate(events: int, seconds: float) -> float:
    """Events per second; raises NothingMeasured."""
    if seconds <= 0:
        raise NothingMeasured(f"{events} events in no time")
    return events / seconds


def each_us(seconds: float, events: int) -> float:
    """Microseconds per event; raises NothingMeasured."""
    if events <= 0:
        raise NothingMeasured("no events")
    return 1e6 * seconds / events


def ratio(figure: float, yardstick: float) -> float:
    """How many times the yardstick; raises NothingMeasured."""
    if yardstick <= 0:
        raise NothingMeasured("a yardstick of nothing")
    return figure / yardstick
