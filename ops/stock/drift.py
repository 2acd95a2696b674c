"""What observed sources say otherwise than wharf, now: taken from the log, each with the commands that settle it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from shlex import join
from typing import Any

from ops.reading import Partition, partitions
from ops.stock.rebuild import Heard, Shadows, fold
from ops.stock.replay import FACTS
from schemas.settings import Settings
from schemas.topics import split_key
from tables.inventory.comparison import drifts
from tables.inventory.shadow import Shadow
from tables.redis.drift_view import DriftView, Wanted, aged, drift_view


def look(settings: Settings, wanted: Wanted, heard: Heard = lambda more: None) -> list[DriftView]:
    """All drifts that are asked for, by the log. One partition at a time bounds memory. raises Failed, TimeoutError"""
    found: list[DriftView] = []
    for number in range(partitions(settings, FACTS)):
        shadows: Shadows = {}
        with Partition(settings, FACTS, number) as partition:
            fold(shadows, partition.records(), heard)
        found += drifting(shadows, settings.tenant, wanted)
    return found


def drifting(shadows: Shadows, tenant: str, wanted: Wanted) -> Iterator[DriftView]:
    """The drifts of a tenant's SKUs. Cost: O(comparisons)."""
    for key, shadow in sorted(shadows.items()):
        whose, sku = split_key(key.decode(errors="replace"))
        if whose == tenant:
            yield from (view for view in _of(sku, shadow) if wanted.has(view))


def _of(sku: str, shadow: Shadow) -> Iterator[DriftView]:
    return (drift_view(sku, row) for _, row in shadow.rows.scan("compared|") if drifts(row))


def told(found: Iterable[DriftView], now: int) -> list[dict[str, Any]]:
    """The drifts as JSON: exceptions first, then the oldest; with their age and the commands that settle them."""
    return [{**view, "settle": [*settling(view)]} for view in aged(found, now)]


def settling(view: dict[str, Any]) -> Iterator[str]:
    """The commands between which a person chooses; none where the two were compared at two times."""
    for accept in ("observed", "derived") if view["exact"] else ():
        yield join([
            "wharf", "inventory", "correct", view["sku"], "--location", view["location"], "--source", view["source"],
            "--as-of", view["as_of"], "--accept", accept, "--by", "NAME", "--reason", "WHY",
        ])  # fmt: skip


def because(figure: dict[str, Any]) -> str:
    """What a drift comes from, in words."""
    named = [event for event in figure["events"] if event["explains"]]
    if not named:
        candidates = figure["events_known"]
        return f"nobody can say; {candidates} events since they agreed" if candidates else "nobody can say"
    return ", ".join(_event(event) for event in named)


def _event(event: dict[str, Any]) -> str:
    lacks = "not heard there" if event["side"] == "ours" else "reported there only"
    return f"{event['kind']} {event['id']} of {event['quantity']} at {event['time']}, {lacks}"


def summary(found: Sequence[dict[str, Any]]) -> str:
    """How many there are."""
    raised = sum(1 for view in found if view["exception"])
    return f"{len(found)} drifts, {raised} of them beyond their tolerance"
