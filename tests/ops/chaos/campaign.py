"""A small undisturbed campaign for tests, played once, and ways to forge its evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from ops.chaos.calm import calm
from ops.chaos.evidence import Entry, Evidence
from ops.chaos.market import Market, Stock
from ops.chaos.verdict import violations

ORDERS = 26


@cache
def played(stock: Stock) -> Evidence:
    """The evidence of a calm campaign; whoever forges it makes another one."""
    return calm(Market(stock, ORDERS))


def forged(evidence: Evidence, topic: str, change: Callable[[list[Entry]], Iterable[Entry]]) -> Evidence:
    """The same evidence with one topic told otherwise."""
    return replace(evidence, log={**evidence.log, topic: list(change(list(evidence.of(topic))))})


def without(evidence: Evidence, topic: str, lost: Callable[[Entry], Any]) -> Evidence:
    """The same evidence without the first such record."""
    found = next(entry for entry in evidence.of(topic) if lost(entry))
    return forged(evidence, topic, lambda entries: [entry for entry in entries if entry is not found])


def retold(evidence: Evidence, topic: str, which: Callable[[Entry], Any], **said: Any) -> Evidence:
    """The same evidence with the last such record saying something else."""
    found = [entry for entry in evidence.of(topic) if which(entry)][-1]
    other = found._replace(record={**found.record, **said})
    return forged(evidence, topic, lambda entries: [other if entry is found else entry for entry in entries])


def broken(evidence: Evidence) -> set[str]:
    """The names of the invariants that this evidence contradicts."""
    return {violation.invariant for violation in violations(evidence)}
