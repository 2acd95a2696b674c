"""What must hold of the log and of what is copied from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from ops.catalog import AGENTS
from ops.chaos.evidence import Check, Evidence, by_key

DECIDED = frozenset(f"wharf/{agent}" for agent in AGENTS)


def nothing_is_decided_twice(evidence: Evidence) -> Iterator[str]:
    """What an agent published is there once for each time that its cause is there: gateway and doors may say a thing again."""
    seen = Counter((entry.topic, entry.id) for entries in evidence.log.values() for entry in entries)
    times = Counter[str]()
    for (_, id), count in seen.items():
        times[id] = max(times[id], count)
    for entries in evidence.log.values():
        for entry in entries:
            if entry.source in DECIDED and (count := seen.pop((entry.topic, entry.id), 0)) > max(
                1, times[entry.causation]
            ):
                yield f"{entry.topic} holds {entry.type} {entry.id} {count} times, its cause {times[entry.causation]} times"


def nothing_is_dead(evidence: Evidence) -> Iterator[str]:
    """No record was put aside as dead."""
    for topic, entries in evidence.log.items():
        if topic.endswith(".dead") and entries:
            yield f"{topic} holds {len(entries)}, the first is {entries[0].type} of {entries[0].key}"


def redis_equals_the_log(evidence: Evidence) -> Iterator[str]:
    """Of each SKU Redis holds the last version on the availability topic, and of nothing else."""
    last = {sku: entries[-1].record for sku, entries in by_key(evidence.of("inventory.availability")).items()}
    for sku in sorted(last.keys() | evidence.cache.keys()):
        said = _in_log(last[sku]) if sku in last else None
        cached = _in_redis(evidence.cache[sku]) if sku in evidence.cache else None
        if said != cached:
            yield f"{sku}: Redis has {cached}, the log {said}"


Shown = tuple[int, int, dict[str, int]]  # version, quantity, free by location


def _in_log(said: Any) -> Shown:
    return said["version"], said["default_quantity"], {place["location"]: place["free"] for place in said["locations"]}


def _in_redis(body: Any) -> Shown:
    free = {place["location"]: int(place["free"]) for place in body["locations"]}
    return int(body["version"]), int(body["default"]["quantity"]), free


CHECKS: dict[str, Check] = {
    "nothing is decided twice": nothing_is_decided_twice,
    "nothing is dead": nothing_is_dead,
    "Redis equals the availability topic": redis_equals_the_log,
}
