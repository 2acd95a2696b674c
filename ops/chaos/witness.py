"""Reads every topic of an environment as any consumer would: read_committed, no group, from the beginning on."""

from __future__ import annotations

import threading
import time
import zlib
from collections import deque
from collections.abc import Iterable
from typing import Any

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition

from ops.chaos.evidence import Entry, entry_of
from schemas.topics import TOPICS
from streams.engine.records import TP, Record

DEAD = frozenset(topic.dead for topic in TOPICS.values())
READ = 5_000
Seen = dict[int, int]  # offset → checksum of key and value


def _raw(value: str | bytes | None) -> bytes | None:
    return value.encode() if isinstance(value, str) else value


class Witness:
    """Keeps all records that were committed; on a thread of its own."""

    def __init__(self, brokers: str, environment: str, partitions: int) -> None:
        self._prefix, self._stop = f"{environment}.", threading.Event()
        self._parts = [TP(topic, number) for topic in (*TOPICS, *sorted(DEAD)) for number in range(partitions)]
        self._fresh: deque[Record] = deque()
        self._entries: list[Entry] = []
        self.dead: list[Record] = []  # of the dead-letter topics, as they are
        self.strange: list[Record] = []  # what no judge can read
        self.seen: dict[TP, Seen] = {tp: {} for tp in self._parts}
        self.back: list[str] = []  # offsets that came twice or went back
        self._ends: dict[TP, int] = dict.fromkeys(self._parts, 0)  # behind the last record of each partition
        self.reached: dict[TP, int] = dict.fromkeys(self._parts, 0)  # markers included
        self.failed: BaseException | None = None
        self._consumer = Consumer(
            {
                "bootstrap.servers": brokers, "group.id": "witness", "enable.auto.commit": False,
                "isolation.level": "read_committed", "enable.partition.eof": True, "allow.auto.create.topics": False,
                "log_level": 0, "auto.offset.reset": "error",
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
            self._sort(self._fresh.popleft())
        return self._entries

    def ends(self, topics: Iterable[str] = ()) -> dict[TP, int]:
        """Where the last record of each partition ends; markers behind it count for nothing. No topics = all."""
        wanted = set(topics)
        return {tp: end for tp, end in list(self._ends.items()) if not wanted or tp.topic in wanted}

    def raw(self) -> list[Record]:
        """The records that nobody has judged yet, as they are; each is handed out once."""
        found = []
        while self._fresh:
            found.append(self._fresh.popleft())
        return found

    def has_read(self, ends: dict[TP, int], within_s: float) -> bool:
        """Whether everything below these offsets is read in time, whatever stands there."""
        deadline = time.monotonic() + within_s
        while any(self.reached[tp] < end for tp, end in ends.items()):
            if time.monotonic() > deadline or not self.watching:
                return False
            self._stop.wait(0.05)
        return True

    def close(self) -> None:
        """Stop reading."""
        self._stop.set()
        self._thread.join()
        self._consumer.close()

    def _sort(self, record: Record) -> None:
        if record.topic in DEAD:
            self.dead.append(record)
            return
        try:
            self._entries.append(entry_of(record))
        except ValueError:  # whatever is wrong with it: envelope, key or body
            self.strange.append(record)

    def _read(self) -> None:
        try:
            while not self._stop.is_set():
                for message in self._consumer.consume(READ, 0.2):
                    self._take(message)
        except BaseException as exc:  # noqa: BLE001  told by the campaign
            self.failed = exc

    def _take(self, message: Any) -> None:
        error, tp = message.error(), TP(str(message.topic()).removeprefix(self._prefix), message.partition() or 0)
        offset = message.offset() or 0
        if error is not None and error.code() == KafkaError._PARTITION_EOF:
            self.reached[tp] = offset
        elif error is not None:
            if error.fatal() or error.code() == KafkaError._AUTO_OFFSET_RESET:
                raise KafkaException(error)
        else:
            self._keep(tp, offset, message)

    def _keep(self, tp: TP, offset: int, message: Any) -> None:
        key, value = _raw(message.key()), _raw(message.value())
        if offset < self._ends[tp]:
            self.back.append(f"{tp.topic}/{tp.partition}: {offset} came after {self._ends[tp] - 1}")
        self.seen[tp][offset] = zlib.crc32(value or b"", zlib.crc32(key or b""))
        headers = [(str(each[0]), _raw(each[1]) or b"") for each in message.headers() or []]
        self._fresh.append(Record(*tp, offset, message.timestamp()[1], key, value, headers))
        self._ends[tp] = self.reached[tp] = offset + 1
