"""Kills processes at their moments, and takes the time until each has made progress again, by an outside clock."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from confluent_kafka import Consumer, KafkaException, TopicPartition

from ops.chaos.schedule import Kill
from ops.supervisor import Running
from streams.engine.records import TP

LOOK_S = 0.2
ASK_S = 5.0


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

    def committed(self, group: str) -> dict[TP, int]:
        """Offsets by partition; what cannot be asked now, or was never committed, is left out."""
        try:
            told = self._consumers[group].committed(self._parts[group], timeout=ASK_S)
        except KafkaException:
            return {}
        return {
            TP(str(part.topic).removeprefix(self._prefix), part.partition): part.offset
            for part in told
            if part.offset >= 0
        }

    def progress(self, group: str) -> int:
        """All offsets together."""
        return sum(self.committed(group).values()) if group in self._parts else 0

    def close(self) -> None:
        """Close the consumers."""
        for consumer in self._consumers.values():
            consumer.close()

    def _consumer(self, group: str) -> Consumer:
        told = {"bootstrap.servers": self._brokers, "group.id": self._prefix + group, "enable.auto.commit": False}
        return Consumer({**told, "isolation.level": "read_uncommitted", "log_level": 0})  # waits for no transaction


@dataclass(slots=True)
class Wound:
    """A killed process that has not made progress yet."""

    process: str
    at: float
    pid: int
    before: int


@dataclass
class Nemesis:
    """Carries a schedule out over the processes of one supervisor."""

    schedule: Sequence[Kill]
    running: Mapping[str, Running]
    groups: Groups
    done: Counter[str] = field(default_factory=Counter)
    recovered: list[tuple[str, float]] = field(default_factory=list)  # process and seconds
    _wounds: dict[str, Wound] = field(default_factory=dict)
    _looked: float = 0.0

    def __post_init__(self) -> None:
        self._due = deque(self.schedule)

    @property
    def left(self) -> int:
        """Kills that have not been done."""
        return len(self._due)

    def turn(self, progress: float) -> None:
        """Kill what is due; one that is down waits until it runs again. Call it between two looks of the supervisor."""
        waiting = [kill for kill in self._due if kill.at <= progress]
        for kill in waiting:
            child = self.running[kill.process].child
            if child.running:
                self._kill(kill)
        if time.monotonic() - self._looked > LOOK_S:
            self._look()
            self._looked = time.monotonic()

    def _kill(self, kill: Kill) -> None:
        one = self.running[kill.process]
        before = self.groups.progress(_group(kill.process))
        one.child.kill()
        self._due.remove(kill)
        self.done[kill.process] += 1
        self._wounds.setdefault(kill.process, Wound(kill.process, time.monotonic(), one.child.pid, before))

    def _look(self) -> None:
        for process, wound in list(self._wounds.items()):
            if self._alive(wound):
                self.recovered.append((process, time.monotonic() - wound.at))
                del self._wounds[process]

    def _alive(self, wound: Wound) -> bool:
        one = self.running[wound.process]
        if not one.child.running or one.child.pid == wound.pid:
            return False
        if wound.process == "gateway":
            return one.program.ready()
        return self.groups.progress(_group(wound.process)) > wound.before


def _group(process: str) -> str:
    return process.removeprefix("worker-")


def percentiles(seconds: Sequence[float], wanted: Sequence[float] = (0.5, 0.99)) -> list[float]:
    """Nearest-rank percentiles, in seconds with one place; 0 where there is none."""
    ordered = sorted(seconds)
    return [round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1) if ordered else 0.0 for share in wanted]
