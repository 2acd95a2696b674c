"""Follows the keys and subscriptions: compacted topics, read from their beginning at the start and then as they grow."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any, Protocol

import structlog
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition

from adapters.gateway.metrics import SKIPPED
from schemas import wire
from schemas.guard import WireError
from schemas.loader import names_on
from schemas.settings import Settings
from schemas.topics import BadKey, read_key

log = structlog.get_logger("wharf.gateway")
KEYS, SUBSCRIPTIONS = "reference.keys", "reference.subscriptions"
RETRY_S = 1.0
CRITICAL = 2  # syslog's: librdkafka's own lines would stand between the JSON logs, and what matters comes as errors


class Take(Protocol):
    """Takes one record of a compacted topic; None = it was deleted."""

    def __call__(self, tenant: str, key: str, record: Any) -> None: ...


class Follower:
    """One thread and one consumer without a group; `informed` once every partition was read to its end."""

    def __init__(self, settings: Settings, takers: Mapping[str, Take]) -> None:
        self.settings = settings
        self._takers = {settings.topic(name): take for name, take in takers.items()}
        self._names = {settings.topic(name): name for name in takers}
        self._behind: set[tuple[str, int]] | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gateway-follower", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop(self) -> None:
        """Stop and wait for the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def informed(self) -> bool:
        """Whether everything that stood in the topics at the start is taken."""
        return self._behind is not None and not self._behind

    def _run(self) -> None:
        while not self._stop.is_set():
            consumer = Consumer(self._config())
            try:
                self._follow(consumer)
            except KafkaException as error:  # the broker is away: what is known stays known
                log.warning("gateway.follower", error=str(error))
                self._stop.wait(RETRY_S)
            finally:
                consumer.close()

    def _follow(self, consumer: Consumer) -> None:
        parts = self._partitions(consumer)
        behind = {(part.topic, part.partition) for part in parts}
        self._behind = behind if self._behind is None else self._behind & behind
        consumer.assign(parts)
        while not self._stop.is_set():
            found = consumer.poll(0.1)
            if found is None:
                continue
            error = found.error()
            if error is None:
                self.take(str(found.topic()), found.key(), found.value())
            elif error.code() == KafkaError._PARTITION_EOF:
                self._behind.discard((str(found.topic()), int(found.partition() or 0)))
            else:
                raise KafkaException(error)

    def _partitions(self, consumer: Consumer) -> list[TopicPartition]:
        known = {topic: consumer.list_topics(topic, timeout=5).topics[topic] for topic in self._takers}
        missing = [topic for topic, described in known.items() if described.error or not described.partitions]
        if missing:
            raise KafkaException(KafkaError(KafkaError.UNKNOWN_TOPIC_OR_PART, f"not there yet: {', '.join(missing)}"))
        return [
            TopicPartition(topic, partition, OFFSET_BEGINNING)
            for topic, described in known.items()
            for partition in sorted(described.partitions)
        ]

    def take(self, topic: str, key: bytes | None, value: bytes | None) -> None:
        """Hand one record over; one that cannot be read is told and left out, and the others go on."""
        name = self._names[topic]
        try:
            tenant, own = read_key(key)
            record = None if value is None else wire.decode(value, names_on(name))[1]
        except (WireError, BadKey) as error:
            SKIPPED.labels(name).inc()
            log.error("gateway.unreadable", topic=name, error=str(error))
            return
        self._takers[topic](tenant, own, record)

    def _config(self) -> dict[str, Any]:
        return {
            "bootstrap.servers": self.settings.kafka,
            "log_level": CRITICAL,
            "group.id": f"{self.settings.environment}.gateway",
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "allow.auto.create.topics": self.settings.embedded,
            "fetch.wait.max.ms": 100,
        }
