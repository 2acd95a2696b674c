"""Kills processes at their moments, and takes the time until each has made progress again, by an outside clock."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException
from confluent_kafka.admin import AdminClient

from ops.chaos.schedule import Kill
from ops.supervisor import Running
from streams.engine.records import TP

LOOK_S = 0.2
ASK_S = 10.0


class Groups:
    """What the consumer groups of one environment have committed."""

    def __init__(self, brokers: str, environment: str) -> None:
        self._prefix, self._admin = f"{environment}.", AdminClient({"bootstrap.servers": brokers, "log_level": 0})

    def committed(self, group: str) -> dict[TP, int]:
        """Offsets by partition."""
        asked = ConsumerGroupTopicPartitions(self._prefix + group)
        told = self._admin.list_consumer_group_offsets([asked], request_timeout=ASK_S)[asked.group_id].result(ASK_S)
        return {
            TP(part.topic.removeprefix(self._prefix), part.partition): part.offset
            for part in told.topic_partitions or []
            if part.offset >= 0
        }

    def progress(self, group: str) -> int:
        """All offsets together; what cannot be asked now has not moved."""
        try:
            return sum(self.committed(group).values())
        except KafkaException:
            return 0


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
