"""A log in memory, with the broker's part of the contract: partitions by key, offsets, and times of its own."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from schemas.topics import TOPICS
from streams.engine.partitioner import partition_of
from streams.engine.records import TP, Out, Record


@dataclass(slots=True)
class MemoryLog:
    """All topics of a topology; each has the same number of partitions."""

    partitions: int = 1
    topics: dict[str, list[list[Record]]] = field(default_factory=dict)
    order: defaultdict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))  # as appended, per topic

    def append(self, out: Out, now: int) -> Record:
        """Write one record; mailboxes bear the broker's time, other topics their producer's."""
        logs = self.topics.setdefault(out.topic, [[] for _ in range(self.partitions)])
        partition = out.partition if out.partition >= 0 else partition_of(out.key or b"", self.partitions)
        timestamp = now if _is_mailbox(out.topic) else out.timestamp or now
        offset = len(logs[partition])
        record = Record(out.topic, partition, offset, timestamp, out.key, out.value, list(out.headers))
        logs[partition].append(record)
        self.order[out.topic].append(record)
        return record

    def read(self, tp: TP, offset: int, limit: int) -> list[Record]:
        """Records from an offset on, at most so many."""
        logs = self.topics.get(tp.topic)
        return logs[tp.partition][offset : offset + limit] if logs else []

    def end(self, tp: TP) -> int:
        """The offset that the next record will have."""
        logs = self.topics.get(tp.topic)
        return len(logs[tp.partition]) if logs else 0


def _is_mailbox(topic: str) -> bool:
    known = TOPICS.get(topic)
    return known is not None and known.mailbox
