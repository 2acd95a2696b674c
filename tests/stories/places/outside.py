"""The log as anybody may read it: a plain client, committed records only, in no group of wharf's."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cache

from confluent_kafka import OFFSET_BEGINNING, Consumer, IsolationLevel, KafkaError, Message, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from schemas.topics import TOPICS
from streams.engine.records import TP, Record

TIMEOUT_S = 30.0


class OutsideLog:
    """All that stands in the log of one environment, read on from where the last reading ended."""

    def __init__(self, kafka: str, environment: str) -> None:
        self._kafka, self._environment = kafka, environment
        self._admin, self._consumer = AdminClient({"bootstrap.servers": kafka, "log_level": 2}), self._client("outside")
        known = self._admin.list_topics(timeout=TIMEOUT_S).topics
        named = ((f"{environment}.{name}", name) for topic in TOPICS.values() for name in (topic.name, topic.dead))
        self._names = {there: name for there, name in named if there in known}
        self._reached = {TP(name, number): 0 for name in self._names for number in known[name].partitions}
        self._consumer.assign([TopicPartition(*tp, OFFSET_BEGINNING) for tp in self._reached])
        self._committed_by = cache(self._client)
        self.records: list[Record] = []

    def read(self) -> int:
        """Read up to where every partition ends now; returns how many records are new."""
        ends, before, deadline = self._ends(), len(self.records), time.monotonic() + TIMEOUT_S
        while any(self._reached[tp] < end for tp, end in ends.items()):
            assert time.monotonic() < deadline, "the log cannot be read to its end"
            self.records += self._step()
        return len(self.records) - before

    def is_done(self, agent: str, topics: tuple[str, ...]) -> bool:
        """Whether an agent's group has committed all that was read here of these topics."""
        ends = {
            TP(f"{self._environment}.{record.topic}", record.partition): record.offset
            for record in self.records
            if record.topic in topics
        }
        asked = [TopicPartition(*tp) for tp in ends]
        group = self._committed_by(f"{self._environment}.{agent}")
        found = group.committed(asked, timeout=TIMEOUT_S) if asked else []
        return all(place.offset > ends[TP(place.topic, place.partition)] for place in found)

    def close(self) -> None:
        """Let the connection go."""
        self._consumer.close()

    def _ends(self) -> dict[TP, int]:
        """Last stable offsets: what stands behind them is not committed yet."""
        asked = {TopicPartition(*tp): OffsetSpec.latest() for tp in self._reached}  # type: ignore[no-untyped-call]
        answers = self._admin.list_offsets(
            asked, isolation_level=IsolationLevel.READ_COMMITTED, request_timeout=TIMEOUT_S
        )
        return {TP(part.topic, part.partition): int(told.result(TIMEOUT_S).offset) for part, told in answers.items()}

    def _step(self) -> Iterator[Record]:
        """What lies ready; an end that is told may be behind the last record, where a transaction's marker stands."""
        first = self._consumer.poll(0.1)
        for one in [first, *self._consumer.consume(1000, 0)] if first is not None else []:
            tp, is_record = TP(str(one.topic()), int(one.partition() or 0)), not _is_end(one)
            self._reached[tp] = max(self._reached[tp], int(one.offset() or 0) + is_record)
            if is_record:
                yield _record(one, self._names[tp.topic])

    def _client(self, group: str) -> Consumer:
        return Consumer({
            "bootstrap.servers": self._kafka, "group.id": group, "isolation.level": "read_committed",
            "enable.auto.commit": False, "enable.partition.eof": True, "auto.offset.reset": "earliest",
            "fetch.wait.max.ms": 10, "fetch.queue.backoff.ms": 5, "log_level": 2,
        })  # fmt: skip


def _is_end(found: Message) -> bool:
    error = found.error()
    assert error is None or error.code() == KafkaError._PARTITION_EOF, error
    return error is not None


def _record(found: Message, topic: str) -> Record:
    told = dict(found.headers() or {})
    headers = [(name, value) for name, value in told.items() if isinstance(value, bytes)]
    at = found.timestamp()[1]
    return Record(topic, int(found.partition() or 0), int(found.offset() or 0), at, found.key(), found.value(), headers)
