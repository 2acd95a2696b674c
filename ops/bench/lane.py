"""One agent's own environment on the broker: its topics, its group, its worker process, and what stands there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from confluent_kafka import Consumer, KafkaException, TopicPartition

from ops.bench.played import Played
from ops.bench.pouring import make_topics, pour
from ops.embedded.child import Child
from ops.topics.apply import Broker, apply_groups
from ops.up.plan import environment, wharf
from schemas.settings import Settings
from streams.engine.kafka import QUIET
from streams.engine.records import TP, Record
from streams.engine.tail import Tail, Watermarks

ANSWER_S = 60.0


@dataclass(frozen=True, slots=True)
class Ground:
    """The servers of a run."""

    kafka: str
    redis: str
    folder: Path
    partitions: int = 4


class Lane:
    """The topics, the group and the worker of one agent."""

    def __init__(self, ground: Ground, played: Played) -> None:
        name = played.agent.name
        self.played, self.name = played, name
        self.settings = Settings(
            kafka=ground.kafka, redis=ground.redis, environment=f"bench-{name}", state_dir=ground.folder / name,
            partitions=ground.partitions, session_timeout_ms=45_000, log_level="warning",
        )  # fmt: skip
        self._marks = Watermarks(self.settings)
        self._asking = Consumer({"bootstrap.servers": ground.kafka, "log_level": QUIET, "group.id": self.group})
        self._log = ground.folder / f"{name}.log"

    @property
    def group(self) -> str:
        """Its consumer group."""
        return f"{self.settings.environment}.{self.name}"

    def parts(self, topics: tuple[str, ...]) -> list[TP]:
        """All partitions of these topics."""
        return [TP(topic, number) for topic in topics for number in range(self.settings.partitions)]

    def prepare(self) -> None:
        """Make topics and group, pour the references and the first records."""
        make_topics(self.settings, self.name, self.played.topics)
        list(apply_groups(Broker(self.settings.kafka), [self.group], self.settings))
        pour(self.settings, self.played.references)
        pour(self.settings, self.played.first)

    @contextmanager
    def worker(self) -> Iterator[Child]:
        """The agent's process; ended at the end."""
        child = Child(wharf("worker", self.name), self._log, environment(self.settings, metrics_port=0))
        try:
            yield child
        finally:
            child.kill()  # nothing of it is needed any more
            self._asking.close()

    def ends(self) -> dict[TP, int]:
        """Where its input ends."""
        return self._marks.highs(self.parts(self.played.agent.reads))

    def behind(self, ends: dict[TP, int]) -> bool:
        """Whether some of these ends are not committed yet; true also while the broker cannot say."""
        wanted = [TopicPartition(self.settings.topic(tp.topic), tp.partition) for tp, end in ends.items() if end]
        try:
            found = self._asking.committed(wanted, ANSWER_S)
        except KafkaException:
            return True
        at = {(part.topic, part.partition): part.offset for part in found}
        return any(at[self.settings.topic(tp.topic), tp.partition] < end for tp, end in ends.items() if end)

    def read(self, topics: tuple[str, ...]) -> list[Record]:
        """All that is committed on these topics."""
        tps = self.parts(topics)
        if not tps:
            return []
        tail = Tail(self.settings, dict.fromkeys(tps, 0))
        try:
            return tail.read_up_to(self._marks.highs(tps, committed=True), ANSWER_S)
        finally:
            tail.close()

    def published(self) -> list[Record]:
        """What the agent has published so far."""
        return self.read(tuple(sorted({record.topic for record in self.played.made})))

    def rows(self) -> int:
        """How many rows it has logged so far."""
        table = self.played.agent.table
        return len(self.read((table.changelog,))) if table else 0
