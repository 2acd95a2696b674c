"""What the broker should have: each topic of the catalogue, its dead letters, the changelogs; DESIGN §4 as configuration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from schemas.settings import Settings
from schemas.topics import DAY_MS, TOPICS, Kept, Topic

AFTER_MAX_MS = 600_000  # how far a producer's clock may run ahead of the broker's
LARGEST_RECORD = 2 << 20  # our own records end at 1 MiB and some headers; batches are larger
TOMBSTONES_MS = 7 * DAY_MS  # a store that was away longer than this is rebuilt from nothing
KEPT: Mapping[Kept, Mapping[str, str]] = {
    Kept.FOR_EVER: {"cleanup.policy": "delete", "retention.ms": "-1"},
    Kept.COMPACT: {"cleanup.policy": "compact", "delete.retention.ms": str(TOMBSTONES_MS)},
    Kept.DAYS_30: {"cleanup.policy": "delete", "retention.ms": str(30 * DAY_MS)},
    Kept.DAYS_90: {"cleanup.policy": "delete", "retention.ms": str(90 * DAY_MS)},
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One topic as it should be at the broker."""

    name: str  # with environment prefix
    partitions: int
    config: Mapping[str, str]


def wanted(settings: Settings, stateful: Iterable[str]) -> list[Wanted]:
    """All topics of an environment; `stateful` names the agents that have a changelog."""
    shapes = [*_catalogue(), *(_changelog(agent) for agent in stateful)]
    return [Wanted(settings.topic(name), settings.partitions, config | _safety(settings)) for name, config in shapes]


def _catalogue() -> Iterator[tuple[str, dict[str, str]]]:
    for topic in TOPICS.values():
        yield topic.name, _config(topic)
        yield topic.dead, {**KEPT[Kept.DAYS_90], "message.timestamp.type": "CreateTime"}


def _config(topic: Topic) -> dict[str, str]:
    stamped = "LogAppendTime" if topic.mailbox else "CreateTime"
    return {
        **KEPT[topic.kept],
        "message.timestamp.type": stamped,
        "message.timestamp.after.max.ms": str(AFTER_MAX_MS),
    }


def _changelog(agent: str) -> tuple[str, dict[str, str]]:
    """Compacted only: with a time limit as well, a quiet key would lose its state."""
    return f"{agent}-changelog", dict(KEPT[Kept.COMPACT])


def _safety(settings: Settings) -> dict[str, str]:
    """An acknowledged record is on two brokers where there are three."""
    return {"min.insync.replicas": str(max(1, settings.replication - 1)), "max.message.bytes": str(LARGEST_RECORD)}
