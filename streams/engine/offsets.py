"""Which offsets may be committed while records are handled concurrently: only what is done without a gap before it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from streams.engine.records import TP


@dataclass(slots=True)
class _Partition:
    began: deque[int] = field(default_factory=deque)  # in the order they were read
    done: set[int] = field(default_factory=set)
    next: int | None = None  # what to commit; None = nothing new


class Offsets:
    """Book-keeping of one consumer. Offsets may have gaps: compaction and transaction markers leave them everywhere."""

    def __init__(self) -> None:
        self._partitions: dict[TP, _Partition] = {}

    def began(self, tp: TP, offset: int) -> None:
        """A record was read and will be handled."""
        self._partitions.setdefault(tp, _Partition()).began.append(offset)

    def done(self, tp: TP, offset: int) -> None:
        """A record's handler has returned; forgotten partitions and offsets are ignored."""
        partition = self._partitions.get(tp)
        if partition is None or offset not in partition.began:
            return
        partition.done.add(offset)
        while partition.began and partition.began[0] in partition.done:
            first = partition.began.popleft()
            partition.done.discard(first)
            partition.next = first + 1

    def take(self) -> dict[TP, int]:
        """What may be committed since the last call: the offset after the last one done without a gap."""
        found = {tp: part.next for tp, part in self._partitions.items() if part.next is not None}
        for tp in found:
            self._partitions[tp].next = None
        return found

    def is_first(self, tp: TP, offset: int) -> bool:
        """Whether all that was read before this record is done, and it is not."""
        partition = self._partitions.get(tp)
        return partition is not None and bool(partition.began) and partition.began[0] == offset

    def forget(self, tp: TP) -> None:
        """The partition is no longer ours."""
        self._partitions.pop(tp, None)

    @property
    def open(self) -> int:
        """How many records are read and not done, or done behind a gap."""
        return sum(len(partition.began) for partition in self._partitions.values())
