"""How long a fault is felt: by an outside clock, from the moment it is done until what it struck makes progress again.

A group has recovered when each of its partitions that was busy before has committed beyond where its log ended when the
fault was done: what came after the fault is decided, everywhere.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from confluent_kafka import Consumer, KafkaException, TopicPartition

from streams.engine.records import TP

ASK_S = 3.0
BUSY_S = 4.0  # a partition that got a record within so long is busy
Offsets = dict[TP, int]


class Groups:
    """What the consumer groups of one environment have committed.

    Asked by a consumer of each group that never joins it: librdkafka 2.16 crashes where an AdminClient asks for a group's
    offsets and the coordinator does not answer in time (rd_kafka_handle_OffsetFetch queries the coordinator of no group).
    """

    def __init__(self, brokers: str, environment: str, reads: Mapping[str, Sequence[str]], partitions: int) -> None:
        self._prefix, self._brokers = f"{environment}.", brokers
        self._parts = {
            group: [TopicPartition(self._prefix + topic, number) for topic in topics for number in range(partitions)]
            for group, topics in reads.items()
        }
        self._consumers = {group: self._consumer(group) for group in reads}
        self.back: list[str] = []  # offsets that went back, which no group's ever may
        self._last: dict[str, Offsets] = {}
        self._lock = threading.Lock()  # campaign and recovery both ask

    def names(self) -> list[str]:
        """The groups."""
        return list(self._parts)

    def committed(self, group: str) -> Offsets:
        """Offsets by partition; what cannot be asked now, or was never committed, is left out."""
        with self._lock:
            return self._asked(group)

    def _asked(self, group: str) -> Offsets:
        try:
            told = self._consumers[group].committed(self._parts[group], timeout=ASK_S)
        except KafkaException:
            return {}
        found = {
            TP(str(part.topic).removeprefix(self._prefix), part.partition): part.offset
            for part in told
            if part.offset >= 0
        }
        before = self._last.setdefault(group, {})
        self.back += [f"{group} at {tp}: {before[tp]}, then {at}" for tp, at in found.items() if at < before.get(tp, 0)]
        before |= found
        return found

    def close(self) -> None:
        """Close the consumers."""
        for consumer in self._consumers.values():
            consumer.close()

    def _consumer(self, group: str) -> Consumer:
        told = {"bootstrap.servers": self._brokers, "group.id": self._prefix + group, "enable.auto.commit": False}
        return Consumer({**told, "isolation.level": "read_uncommitted", "log_level": 0})  # waits for no transaction


class Pulse:
    """Where the log's partitions end, now and a little earlier."""

    def __init__(self, ends: Callable[[], Offsets], clock: Callable[[], float] = time.monotonic) -> None:
        self._ends, self._clock = ends, clock
        self._history: list[tuple[float, Offsets]] = []

    def beat(self) -> Offsets:
        """Look; returns the ends."""
        now, ends = self._clock(), self._ends()
        self._history.append((now, ends))
        while len(self._history) > 1 and self._history[1][0] <= now - BUSY_S:
            self._history.pop(0)
        return ends

    def busy(self, topics: Iterable[str]) -> Offsets:
        """The partitions of these topics that got a record lately, with their ends."""
        if not self._history:
            return {}
        wanted, before, now = set(topics), self._history[0][1], self._history[-1][1]
        return {tp: end for tp, end in now.items() if tp.topic in wanted and end > before.get(tp, 0)}


@dataclass(slots=True)
class Wound:
    """A fault whose mark is still felt: by group, the offsets that have to be passed."""

    kind: str
    what: str
    at: float
    due: dict[str, Offsets]
    also: Callable[[], bool] = lambda: True  # what has to hold besides, such as a gateway that is ready
    alone: bool = False  # it struck one group only

    def heal(self, group: str, committed: Offsets) -> None:
        """What this group has passed is no longer due."""
        left = {tp: end for tp, end in self.due.get(group, {}).items() if committed.get(tp, 0) <= end}
        if left:
            self.due[group] = left
        else:
            self.due.pop(group, None)


@dataclass
class Recovery:
    """The wounds that are open, and how long those that are closed were felt."""

    groups: Groups
    reads: Mapping[str, Sequence[str]]
    pulse: Pulse
    clock: Callable[[], float] = time.monotonic
    taken: list[tuple[str, str, float]] = field(default_factory=list)  # kind, what, seconds
    open: list[Wound] = field(default_factory=list)

    def wounded(self, kind: str, what: str, groups: Iterable[str], also: Callable[[], bool] = lambda: True) -> None:
        """A fault was done just now; these groups feel it. A group that one fault struck alone is that fault's."""
        struck = list(groups)
        taken = {group for wound in self.open if wound.alone for group in wound.due} if len(struck) > 1 else set()
        due = {group: busy for group in struck if group not in taken and (busy := self.pulse.busy(self.reads[group]))}
        self._open(Wound(kind, what, self.clock(), due, also, alone=len(struck) == 1))

    def waits(self, kind: str, what: str, group: str, tp: TP, offset: int) -> None:
        """A record stands there just now; it is felt until the group is behind it."""
        self._open(Wound(kind, what, self.clock(), {group: {tp: offset}}, alone=True))

    def _open(self, wound: Wound) -> None:
        for other in [other for other in self.open if wound.alone and not other.alone]:
            for group in wound.due:
                other.due.pop(group, None)
        self.open.append(wound)

    def look(self) -> None:
        """Ask the groups that somebody waits for."""
        self.pulse.beat()
        for group in sorted({group for wound in list(self.open) for group in list(wound.due)}):
            committed = self.groups.committed(group)
            for wound in list(self.open):
                if group in wound.due:
                    wound.heal(group, committed)
        for wound in [wound for wound in self.open if not wound.due and wound.also()]:
            self.open.remove(wound)
            self.taken.append((wound.kind, wound.what, self.clock() - wound.at))


def percentiles(seconds: Sequence[float], wanted: Sequence[float] = (0.5, 0.99)) -> list[float]:
    """Nearest-rank percentiles, in seconds with one place; 0 where there is none."""
    ordered = sorted(seconds)
    return [round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1) if ordered else 0.0 for share in wanted]
