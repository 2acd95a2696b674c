"""Quantities are whole steps of a base unit inside, and decimal text where they are read."""

from __future__ import annotations

from decimal import Decimal


def decimal_text(steps: int, scale: int) -> str:
    """Steps of 10^-scale as decimal text: 1250 at scale 2 is 12.50."""
    return str(Decimal(steps).scaleb(-scale)) if scale else str(steps)


def steps_of(text: str, scale: int) -> int:
    """Decimal text as steps of 10^-scale: 12.50 at scale 2 is 1250."""
    return int(Decimal(text).scaleb(scale))
