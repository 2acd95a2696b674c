"""Reads every topic of an environment as any consumer would: read_committed, no group, from the beginning on."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition

from ops.chaos.evidence import Entry, entry_of
from schemas.topics import TOPICS
from streams.engine.records import TP, Record

DEAD = tuple(topic.dead for topic in TOPICS.values())
READ = 5_000


def _raw(value: str | bytes | None) -> bytes | None:
    return value.encode() if isinstance(value, str) else value


class Witness:
    """Keeps all records that were committed; on a thread of its own."""

    def __init__(self, brokers: str, environment: str, partitions: int) -> None:
        self._prefix, self._stop = f"{environment}.", threading.Event()
        self._parts = [TP(topic, number) for topic in (*TOPICS, *DEAD) for number in range(partitions)]
        self._fresh: deque[Record] = deque()
        self._entries: list[Entry] = []
        self._ends: dict[TP, int] = dict.fromkeys(self._parts, 0)  # behind the last record of each partition
        self.reached: dict[TP, int] = dict.fromkeys(self._parts, 0)  # markers included
        self._consumer = Consumer(
            {
                "bootstrap.servers": brokers, "group.id": "witness", "enable.auto.commit": False,
                "isolation.level": "read_committed", "enable.partition.eof": True, "allow.auto.create.topics": False,
            }
        )  # fmt: skip
        self._consumer.assign(
            [TopicPartition(self._prefix + tp.topic, tp.partition, OFFSET_BEGINNING) for tp in self._parts]
        )
        self._thread = threading.Thread(target=self._read, name="witness", daemon=True)
        self._thread.start()

    @property
    def watching(self) -> bool:
        """Whether it still reads."""
        return self._thread.is_alive()

    @property
    def entries(self) -> list[Entry]:
        """All that was read so far."""
        while self._fresh:
            self._entries.append(entry_of(self._fresh.popleft()))
        return self._entries

    def ends(self, topics: Iterable[str]) -> dict[TP, int]:
        """Where the last record of each partition ends; markers behind it count for nothing."""
        wanted = set(topics)
        return {tp: end for tp, end in self._ends.items() if tp.topic in wanted}

    def close(self) -> None:
        """Stop reading."""
        self._stop.set()
        self._thread.join()
        self._consumer.close()

    def _read(self) -> None:
        while not self._stop.is_set():
            for message in self._consumer.consume(READ, 0.2):
                error = message.error()
                tp = TP(str(message.topic()).removeprefix(self._prefix), message.partition() or 0)
                offset = message.offset() or 0
                if error is not None and error.code() == KafkaError._PARTITION_EOF:
                    self.reached[tp] = offset
                elif error is not None:
                    if not error.retriable():
                        raise KafkaException(error)
                else:
                    headers = [(str(each[0]), _raw(each[1]) or b"") for each in message.headers() or []]
                    self._fresh.append(
                        Record(*tp, offset, message.timestamp()[1], _raw(message.key()), _raw(message.value()), headers)
                    )
                    self._ends[tp] = self.reached[tp] = offset + 1
