"""Answers about drift: what an observed source says otherwise than wharf."""

from __future__ import annotations

from adapters.gateway.models.answers import Answer


class DriftEventAnswer(Answer):
    """An event that one side has counted and the other may not."""

    id: str
    kind: str
    side: str
    source: str
    time: str
    quantity: str
    explains: bool


class DriftFigureAnswer(Answer):
    """One figure that differs, in the product's base unit."""

    stock_class: str
    observed: str
    expected: str
    difference: str
    known: str
    attributed: str
    unexplained: str
    since: str | None
    exception_since: str | None
    agreed_as_of: str | None
    events: list[DriftEventAnswer]
    events_known: int


class DriftAnswer(Answer):
    """An observed source at one location of a SKU."""

    sku: str
    location: str
    source: str
    as_of: str
    sequence: int | None
    heard_at: str
    exact: bool
    exception: bool
    since: str | None
    age_seconds: float | None
    version: int
    figures: list[DriftFigureAnswer]


class DriftsAnswer(Answer):
    """Drifts, exceptions first and the oldest first; how many there are in all."""

    items: list[DriftAnswer]
    known: int
