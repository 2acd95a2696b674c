"""One engine's way through one load: its topics, its group, its folder, and how it is told of them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from confluent_kafka import KafkaError

from ops.bench.engines.workload import Load
from ops.topics.apply import ANSWER_S, POLL_S, Broker, settle
from ops.topics.wanted import LARGEST_RECORD, Wanted
from schemas.settings import Settings

CONSUMED, PUBLISHED = "inventory.commands", "inventory.availability"
PARTITIONS = 4
COMPACT = {"cleanup.policy": "compact"}
LOG = {"cleanup.policy": "delete", "retention.ms": "-1"}
STAMPED = {**LOG, "message.timestamp.type": "LogAppendTime"}  # as mailboxes are


@dataclass(frozen=True, slots=True)
class Course:
    """Names by which an engine and whoever watches it mean the same things."""

    engine: str
    load: Load
    kafka: str
    folder: Path

    @property
    def settings(self) -> Settings:
        """As wharf's processes are told; all engines share the load's environment, and so its input."""
        return Settings(
            kafka=self.kafka, environment=f"bench-{self.load.name}", state_dir=self.folder / self.load.name / self.engine,
            partitions=PARTITIONS, session_timeout_ms=45_000, log_level="warning",
        )  # fmt: skip

    @property
    def input(self) -> str:
        """The topic that is read."""
        return self.settings.topic(CONSUMED)

    @property
    def output(self) -> str:
        """Where wharf publishes, and so the others do: it is emptied before each run."""
        return self.settings.topic(PUBLISHED)

    @property
    def changelog(self) -> str:
        """Where rows are logged by engines that can be told where."""
        return self.settings.topic(f"{self.engine}-changelog")

    @property
    def group(self) -> str:
        """The consumer group."""
        return f"{self.settings.environment}.{self.engine}"

    def told(self) -> Mapping[str, str]:
        """What the environment of a program that is not wharf's says."""
        return {
            "BENCH_KAFKA": self.kafka,
            "BENCH_INPUT": self.input,
            "BENCH_OUTPUT": self.output,
            "BENCH_CHANGELOG": self.changelog,
            "BENCH_GROUP": self.group,
            "BENCH_STATE": str(self.settings.state_dir),
        }

    def clear(self) -> None:
        """Output, facts and changelog empty, the group forgotten."""
        broker, settings = Broker(self.kafka), self.settings
        logs = (self.output, settings.topic("inventory.events"), settings.topic(f"{CONSUMED}.dead"))
        names = {**dict.fromkeys(logs, LOG), self.changelog: COMPACT}
        own = [
            name for name in broker.partitions() if name.startswith(f"{self.group}-")
        ]  # changelogs of others' naming
        remove(broker, [*names, *own])
        broker.create([wanted(name, config) for name, config in names.items()], 1)
        broker.delete_groups([self.group])


def wanted(name: str, config: Mapping[str, str]) -> Wanted:
    """A topic of the bench, which takes records as large as wharf's."""
    return Wanted(name, PARTITIONS, {**config, "max.message.bytes": str(LARGEST_RECORD)})


def remove(broker: Broker, names: Iterable[str]) -> None:
    """Delete topics where they are, and return when nobody sees them any more; raises TimeoutError."""
    there = set(names) & broker.partitions().keys()
    if not there:
        return
    settle(broker.admin.delete_topics(list(there)), KafkaError.UNKNOWN_TOPIC_OR_PART)
    deadline = time.monotonic() + ANSWER_S
    while there & broker.partitions().keys():
        if time.monotonic() > deadline:
            raise TimeoutError(f"still there: {', '.join(sorted(there))}")
        time.sleep(POLL_S)
