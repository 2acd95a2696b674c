"""Reads a partition from its beginning to its end, and later on from there: outside any group, committed records only."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Message, TopicPartition

from ops.exits import Exit, Failed
from schemas import wire
from schemas.envelope import BadEnvelope, Envelope, from_headers
from schemas.guard import WireError
from schemas.settings import Settings
from streams.engine.kafka import reader_config, record_of
from streams.engine.records import Record

TIMEOUT_S = 10.0
SILENT_S = 30.0  # longer than a transaction may stay open: a partition that says nothing for so long is away
OPEN_S = 0.5  # an end may be an old one that new records are behind already
AT_ONCE = 2_000


def partitions(settings: Settings, topic: str) -> int:
    """How many partitions a topic has. raises Failed where there is none"""
    consumer = Consumer(reader_config(settings))
    try:
        name = settings.topic(topic)
        found = consumer.list_topics(name, timeout=TIMEOUT_S).topics[name]
        if found.error or not found.partitions:
            raise Failed(Exit.BAD_DATA, f"there is no topic {name}: is WHARF_ENVIRONMENT right?")
        return len(found.partitions)
    finally:
        consumer.close()


class Partition:
    """One partition of a topic. Use as a context manager."""

    def __init__(self, settings: Settings, topic: str, number: int) -> None:
        self._names = {settings.topic(topic): topic}
        self._place = TopicPartition(settings.topic(topic), number, OFFSET_BEGINNING)
        self._consumer = Consumer(reader_config(settings))
        self._consumer.assign([self._place])
        self._next, self._at_end = self._ends()[0], False

    def records(self) -> Iterator[Record]:
        """What stands there from where the last call ended up to the end of now. raises TimeoutError"""
        end, heard = self._ends()[1], time.monotonic()
        while self._next < end:
            for message in self._consumer.consume(AT_ONCE, 0.1):
                self._at_end, heard = _is_end(message), time.monotonic()
                if self._at_end and (message.offset() or 0) >= end:
                    self._next = end
                elif not self._at_end:
                    self._next = (message.offset() or 0) + 1
                    yield record_of(message, self._names)
            self._wait(end, time.monotonic() - heard)

    def _wait(self, end: int, silent_s: float) -> None:
        """Behind the broker's word that this is the end stand markers and open transactions; without it it is away."""
        if self._at_end and silent_s > OPEN_S:
            self._next = end
        if silent_s > SILENT_S:
            raise TimeoutError(f"{self._place.topic}/{self._place.partition} is silent at {self._next} of {end}")

    def _ends(self) -> tuple[int, int]:
        low, high = self._consumer.get_watermark_offsets(self._place, timeout=TIMEOUT_S)
        return low, high

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._consumer.close()


def told(record: Record) -> tuple[Envelope, Any]:
    """A record's envelope and content. raises Failed, naming the place, where it cannot be read"""
    try:
        return from_headers(record.headers), wire.decode(record.value or b"")[1]
    except (BadEnvelope, WireError) as exc:
        place = f"{record.topic}/{record.partition} at {record.offset}"
        raise Failed(Exit.BAD_DATA, f"{place} cannot be read: {exc}") from exc


def _is_end(message: Message) -> bool:
    error = message.error()
    if error is None:
        return False
    if error.code() == KafkaError._PARTITION_EOF:
        return True
    raise KafkaException(error)
