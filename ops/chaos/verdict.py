"""The whole verdict: every invariant, and whether a run ended as a calm one does."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ops.chaos import feed_checks, log_checks, order_checks, poison_checks, sanity_checks, stock_checks
from ops.chaos.evidence import Evidence, Violation, by_key, judged
from ops.chaos.feed_checks import views
from ops.chaos.order_checks import documents, stories

CHECKS = {
    **order_checks.CHECKS, **stock_checks.CHECKS, **feed_checks.CHECKS, **log_checks.CHECKS, **poison_checks.CHECKS,
    **sanity_checks.CHECKS,
}  # fmt: skip
SAME = "the end is that of an undisturbed run"
OF_THE_RUN = frozenset({"version", "at", "as_of", "erp_number"})  # clocks, counters of repeats, the ERP's own numbers


def violations(evidence: Evidence) -> list[Violation]:
    """All that contradicts an invariant of the reliability page."""
    return judged(evidence, CHECKS)


def differences(calm: Evidence, run: Evidence) -> list[Violation]:
    """Where the final facts of a run are not those of a calm one: orders, ERP, availability, views."""
    kinds = (("order", _orders), ("ERP", _erp), ("availability", _availability), ("view", _views))
    return [
        Violation(SAME, f"{name} {place}: {left!r} became {right!r}")
        for name, facts in kinds
        for place, left, right in _parted(facts(calm), facts(run), "")
    ]


def _parted(calm: Any, run: Any, place: str) -> Iterator[tuple[str, Any, Any]]:
    """Where two values first differ, of each of their parts."""
    if isinstance(calm, Mapping) and isinstance(run, Mapping):
        for key in sorted(calm.keys() | run.keys()):
            yield from _parted(calm.get(key), run.get(key), f"{place}/{key}")
    elif isinstance(calm, list | tuple) and isinstance(run, list | tuple) and len(calm) == len(run):
        for index, (left, right) in enumerate(zip(calm, run, strict=True)):
            yield from _parted(left, right, f"{place}/{index}")
    elif calm != run:
        yield place, calm, run


def _orders(evidence: Evidence) -> dict[str, Any]:
    return {id: (story.headline, story.facets, story.lines) for id, story in stories(evidence).items()}


def _erp(evidence: Evidence) -> dict[str, int]:
    return {order_id: len(standing) for order_id, standing in documents(evidence).items()}


def _availability(evidence: Evidence) -> dict[str, Any]:
    last = {sku: entries[-1].record for sku, entries in by_key(evidence.of("inventory.availability")).items()}
    return {sku: _lasting(said) for sku, said in last.items()}


def _lasting(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name not in OF_THE_RUN}


def _views(evidence: Evidence) -> dict[str, list[tuple[str, Any]]]:
    """What each view tells of each order, in its order, without what only this run has.

    Statuses come from one topic, milestones and invoices from another: each has its order, between the two there is none.
    """
    found: dict[str, list[tuple[str, Any]]] = {}
    for view, entries in views(evidence).items():
        for entry in entries:
            told = f"{view} of {entry['order_key']}/{'orders' if entry['type'].startswith('order.') else 'shipments'}"
            found.setdefault(told, []).append((entry["type"], _lasting(json.loads(entry["data"]))))
    return found
