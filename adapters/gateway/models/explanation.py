"""The answer about a number: its terms, the events behind them, and who holds what."""

from __future__ import annotations

from adapters.gateway.models.answers import Answer


class EvidenceAnswer(Answer):
    """An event behind a figure."""

    id: str
    type: str
    source: str
    time: str


class TermAnswer(Answer):
    """A signed part of a number, in words, with the newest events behind it, the newest last."""

    code: str
    amount: str
    detail: str
    location: str
    events: list[str]
    evidence: list[EvidenceAnswer]


class HolderAnswer(Answer):
    """A ledger row: who holds how much of the SKU where, since when."""

    holder: str
    kind: str
    channel: str
    line: str
    location: str
    reserved: str
    allocated: str
    since: str
    age_seconds: float
    event: EvidenceAnswer


class ExplanationAnswer(Answer):
    """A channel's number taken apart: the terms add up to it."""

    sku: str
    channel: str
    quantity: str
    unit: str
    version: int
    terms: list[TermAnswer]
    ledger: list[HolderAnswer]
    ledger_known: int
