"""What an engine counts of itself: by the batch, never by the record, and with each metric looked up once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from streams.engine import metrics
from streams.engine.deciding import Decided
from streams.engine.records import TP


@dataclass(slots=True)
class Work:
    """What one partition contributes to a transaction."""

    tp: TP
    next: int  # offset behind its last record
    records: int
    decided: Decided
    fired: int = 0
    seconds: float = 0.0  # spent on deciding
    cut: bool = False  # records behind its last one were read and are not decided


class Counting(Protocol):
    """What a session tells of its work."""

    def committed(self, works: Iterable[Work], seconds: float) -> None:
        """A transaction is through."""

    def applied(self, partition: int, seconds: float) -> None:
        """A partition's rows are on disk."""

    def lag(self, tp: TP, records: int, waiting_keys: int) -> None:
        """How much of a partition is not decided, and how many of its keys wait."""


class Silent:
    """Counts nothing: what counting costs is measured against it."""

    def committed(self, works: Iterable[Work], seconds: float) -> None:
        """Nothing."""

    def applied(self, partition: int, seconds: float) -> None:
        """Nothing."""

    def lag(self, tp: TP, records: int, waiting_keys: int) -> None:
        """Nothing."""


class _Partition:
    """The metrics of one partition of one agent."""

    __slots__ = ("applied", "dead", "decide_s", "decided", "published", "size", "timers")

    def __init__(self, agent: str, partition: int) -> None:
        labels = (agent, str(partition))
        self.size, self.decide_s = metrics.BATCH_SIZE.labels(*labels), metrics.DECIDE_S.labels(*labels)
        self.decided, self.published = metrics.DECIDED.labels(*labels), metrics.PUBLISHED.labels(*labels)
        self.timers, self.dead = metrics.TIMERS.labels(*labels), metrics.DEAD.labels(*labels)
        self.applied = metrics.APPLY_S.labels(*labels)


class Meter:
    """Counts into the process's Prometheus registry."""

    def __init__(self, agent: str) -> None:
        self._agent = agent
        self._partitions: dict[int, _Partition] = {}
        self._commit_s: Any = metrics.COMMIT_S.labels(agent)

    def committed(self, works: Iterable[Work], seconds: float) -> None:
        """A transaction is through."""
        self._commit_s.observe(seconds)
        for work in works:
            part = self._of(work.tp.partition)
            part.size.observe(work.records)
            part.decide_s.observe(work.seconds)
            part.decided.inc(work.records)
            part.published.inc(work.decided.sent)
            part.timers.inc(work.fired)
            part.dead.inc(work.decided.dead)

    def applied(self, partition: int, seconds: float) -> None:
        """A partition's rows are on disk."""
        self._of(partition).applied.observe(seconds)

    def lag(self, tp: TP, records: int, waiting_keys: int) -> None:
        """How much of a partition is not decided, and how many of its keys wait."""
        metrics.LAG.labels(self._agent, tp.topic, str(tp.partition)).set(records)
        metrics.WAITING.labels(self._agent, str(tp.partition)).set(waiting_keys)

    def _of(self, partition: int) -> _Partition:
        found = self._partitions.get(partition)
        if found is None:
            found = self._partitions[partition] = _Partition(self._agent, partition)
        return found
