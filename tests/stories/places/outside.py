"""The log as anybody may read it: a plain client, committed records only, in no group of wharf's."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, Message, TopicPartition

from schemas.topics import TOPICS
from streams.engine.records import TP, Record

TIMEOUT_S = 30.0


class OutsideLog:
    """All that stands in the log of one environment, read on from where the last reading ended."""

    def __init__(self, kafka: str, environment: str) -> None:
        self._kafka, self._environment = kafka, environment
        self._consumer = self._connected("outside")
        known = self._consumer.list_topics(timeout=TIMEOUT_S).topics
        named = ((f"{environment}.{name}", name) for topic in TOPICS.values() for name in (topic.name, topic.dead))
        self._names = {there: name for there, name in named if there in known}
        self._next = {(name, part): OFFSET_BEGINNING for name in self._names for part in known[name].partitions}
        self.records: list[Record] = []
        self._committed_by = cache(self._connected)

    def read(self) -> int:
        """Read to the end of every partition; returns how many records are new."""
        self._consumer.assign([TopicPartition(*place, offset) for place, offset in self._next.items()])
        new = list(self._new(set(self._next)))
        self.records += new
        return len(new)

    def is_done(self, agent: str, topics: tuple[str, ...]) -> bool:
        """Whether an agent's group has committed all that was read here of these topics."""
        ends = {TP(self._there(record.topic), record.partition): record.offset for record in self._of(topics)}
        asked = [TopicPartition(*place) for place in ends]
        group = self._committed_by(f"{self._environment}.{agent}")
        found = group.committed(asked, timeout=TIMEOUT_S) if asked else []
        return all(place.offset > ends[TP(place.topic, place.partition)] for place in found)

    def close(self) -> None:
        """Let the connection go."""
        self._consumer.close()

    def _of(self, topics: tuple[str, ...]) -> Iterator[Record]:
        return (record for record in self.records if record.topic in topics)

    def _there(self, topic: str) -> str:
        return f"{self._environment}.{topic}"

    def _new(self, open_ends: set[tuple[str, int]]) -> Iterator[Record]:
        """What comes until every partition has said that this is its end."""
        while open_ends:
            found = self._consumer.consume(1000, 0.5)
            for one in found:
                place = (str(one.topic()), int(one.partition() or 0))
                if _is_end(one):
                    open_ends.discard(place)
                else:
                    self._next[place] = int(one.offset() or 0) + 1
                    yield _record(one, self._names[place[0]])

    def _connected(self, group: str) -> Consumer:
        return Consumer({
            "bootstrap.servers": self._kafka, "group.id": group, "isolation.level": "read_committed",
            "enable.auto.commit": False, "enable.partition.eof": True, "auto.offset.reset": "earliest",
            "fetch.wait.max.ms": 10, "log_level": 2,
        })  # fmt: skip


def _is_end(found: Message) -> bool:
    error = found.error()
    assert error is None or error.code() == KafkaError._PARTITION_EOF, error
    return error is not None


def _record(found: Message, topic: str) -> Record:
    headers = [(name, value) for name, value in found.headers() or [] if isinstance(value, bytes)]
    at = found.timestamp()[1]
    return Record(topic, int(found.partition() or 0), int(found.offset() or 0), at, found.key(), found.value(), headers)
