"""A log in memory, with the broker's part of the contract: partitions by key, offsets, times of its own, transactions.

Readers are read_committed: an aborted record has an offset and is never read, and what a transaction has committed can
be read in one partition and not yet in another, as its markers come one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from schemas.topics import TOPICS
from streams.engine.partitioner import partition_of
from streams.engine.records import TP, Out, Record


@dataclass(slots=True)
class Held:
    """A partition where a marker is still under way."""

    offset: int  # of the first record that cannot be read yet
    turns: int  # how long that lasts


@dataclass(slots=True)
class MemoryLog:
    """All topics of a topology; each has the same number of partitions."""

    partitions: int = 1
    topics: dict[str, list[list[Record | None]]] = field(default_factory=dict)  # None: aborted, or a marker
    order: defaultdict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))  # as appended, per topic
    written: list[Record] = field(default_factory=list)  # of all topics, as appended
    held: dict[TP, Held] = field(default_factory=dict)
    changes: int = 0  # grows with whatever gives a reader more to read: who saw all of it need not look again

    def append(self, out: Out, now: int) -> Record:
        """Write one record; mailboxes bear the broker's time, other topics their producer's."""
        log, partition = self._place(out)
        timestamp = now if _is_mailbox(out.topic) else out.timestamp or now
        record = Record(out.topic, partition, len(log), timestamp, out.key, out.value, list(out.headers))
        log.append(record)
        self.order[out.topic].append(record)
        self.written.append(record)
        self.changes += 1
        return record

    def abort(self, outs: Iterable[Out]) -> None:
        """Records of a transaction that nobody will ever read."""
        for out in outs:
            self._place(out)[0].append(None)

    def mark(self, tp: TP) -> None:
        """A transaction's end has an offset, too."""
        self.topics[tp.topic][tp.partition].append(None)

    def hold(self, tp: TP, offset: int, turns: int) -> None:
        """From here on nothing of the partition can be read for some turns."""
        known = self.held.get(tp)
        self.held[tp] = Held(min(offset, known.offset), max(turns, known.turns)) if known else Held(offset, turns)

    def pass_turn(self) -> bool:
        """Markers come nearer; says whether some were still under way."""
        under_way = list(self.held.items())
        for tp, held in under_way:
            held.turns -= 1
            if held.turns <= 0:
                self.settle(tp)
        return bool(under_way)

    def settle(self, tp: TP) -> None:
        """Wait for what is under way to this partition, as a takeover does."""
        self.changes += self.held.pop(tp, None) is not None

    def read(self, tp: TP, offset: int, limit: int) -> tuple[list[Record], int]:
        """Records from an offset on, at most so many; and the offset to go on from."""
        log, end = self._log(tp), self.end(tp)
        found: list[Record] = []
        while offset < end and len(found) < limit:
            record = log[offset]
            offset += 1
            if record is not None:
                found.append(record)
        return found, offset

    def end(self, tp: TP) -> int:
        """The offset behind the last record that can be read."""
        held = self.held.get(tp)
        return self.length(tp) if held is None else held.offset

    def behind(self, topics: Iterable[str], positions: Mapping[TP, int]) -> list[TP]:
        """Partitions of these topics that go on behind these positions, in a stable order."""
        parts = [TP(topic, number) for topic in topics for number in range(self.partitions)]
        return [tp for tp in parts if positions[tp] < self.end(tp)]

    def length(self, tp: TP) -> int:
        """The offset that the next record will have."""
        return len(self._log(tp))

    def _log(self, tp: TP) -> list[Record | None]:
        logs = self.topics.get(tp.topic)
        return logs[tp.partition] if logs else []

    def _place(self, out: Out) -> tuple[list[Record | None], int]:
        logs = self.topics.setdefault(out.topic, [[] for _ in range(self.partitions)])
        partition = out.partition if out.partition >= 0 else partition_of(out.key or b"", self.partitions)
        return logs[partition], partition


def _is_mailbox(topic: str) -> bool:
    known = TOPICS.get(topic)
    return known is not None and known.mailbox
