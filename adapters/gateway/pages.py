"""Reads the log by place: pages of a view from channels.feed, single documents from channel.documents.

A few consumers without a group are shared; each is assigned the one partition it is asked for, read, and given back.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from queue import Queue
from typing import Any

import structlog
from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from adapters.gateway.follower import CRITICAL
from adapters.gateway.hub import Expired
from adapters.gateway.metrics import SKIPPED
from schemas import wire
from schemas.generated.channel_v1 import Document
from schemas.generated.feeds_v1 import FeedEntry
from schemas.guard import WireError
from schemas.loader import names_on
from schemas.settings import Settings
from schemas.topics import key_of
from streams.engine.client import LogUnavailable
from tables.redis.view_index import Place

log = structlog.get_logger("wharf.gateway")
FEED, DOCUMENTS = "channels.feed", "channel.documents"
POOL = 4
BATCH = 500
PATIENCE_S = 5.0


class LogPages:
    """hub.Pages over Kafka. Blocking reads run on threads, at most POOL at a time."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._idle: Queue[Consumer | None] = Queue()
        for _ in range(POOL):
            self._idle.put(None)  # made when first needed

    async def entries(self, tenant: str, view: str, start: Place, after: int, limit: int) -> Sequence[FeedEntry]:
        """Entries of a view behind `after`, from a place at or before it; raises Expired, LogUnavailable."""
        return await asyncio.to_thread(self._entries, key_of(tenant, view).encode(), start, after, limit)

    async def document(self, partition: int, offset: int) -> Document | None:
        """The document at this place; None where it is no longer kept."""
        try:
            return await asyncio.to_thread(self._document, partition, offset)
        except Expired:
            return None

    async def earliest(self, places: Sequence[Place]) -> int:
        """Number of the earliest of these entries that is still kept; after the last one where none is."""
        return await asyncio.to_thread(self._earliest, places)

    def close(self) -> None:
        """Close the consumers that were made."""
        for _ in range(POOL):
            consumer = self._idle.get()
            if consumer is not None:
                consumer.close()

    def _entries(self, key: bytes, start: Place, after: int, limit: int) -> list[FeedEntry]:
        found: list[FeedEntry] = []
        with closing(self._records(FEED, start.partition, start.offset)) as records:
            for record in records:
                if record.key() != key:
                    continue
                entry: FeedEntry | None = _readable(record, FEED)
                if entry is None:
                    continue
                if entry["seq"] > after:
                    found.append(entry)
                if entry["seq"] >= after + limit:
                    break
        return checked(found, after)

    def _document(self, partition: int, offset: int) -> Document | None:
        with closing(self._records(DOCUMENTS, partition, offset)) as records:
            record = next(records, None)
        return _readable(record, DOCUMENTS) if record and record.offset() == offset else None

    def _earliest(self, places: Sequence[Place]) -> int:
        with self._consumer() as consumer:
            low, _ = self._kept(consumer, FEED, places[0].partition)
        return next((place.seq for place in places if place.offset >= low), places[-1].seq + 1)

    def _records(self, name: str, partition: int, offset: int) -> Generator[Message, None, None]:
        """Records from an offset to the present end, in the time there is; raises Expired where it is no longer kept."""
        with self._consumer() as consumer:
            low, end = self._kept(consumer, name, partition)
            if offset < low:
                raise Expired
            part = TopicPartition(self.settings.topic(name), partition, offset)
            consumer.assign([part])
            deadline = time.monotonic() + PATIENCE_S
            while offset < end and time.monotonic() < deadline:
                yield from self._ready(consumer)
                offset = max(offset, consumer.position([part])[0].offset)  # past transaction markers too

    def _ready(self, consumer: Consumer) -> list[Message]:
        """What lies ready, waiting only for the first record."""
        first = consumer.poll(0.1)
        found = [] if first is None else [first, *consumer.consume(BATCH, 0)]
        for record in found:
            if record.error():
                raise LogUnavailable(str(record.error()))
        return found

    def _kept(self, consumer: Consumer, name: str, partition: int) -> tuple[int, int]:
        part = TopicPartition(self.settings.topic(name), partition)
        found: Any = consumer.get_watermark_offsets(part, timeout=PATIENCE_S)
        if found is None:
            raise LogUnavailable(f"{name}: its watermarks cannot be read")
        return found[0], found[1]

    @contextmanager
    def _consumer(self) -> Iterator[Consumer]:
        """One of the pool; one that failed is closed and replaced by the next who asks."""
        consumer = self._idle.get()
        try:
            consumer = consumer or Consumer(self._config())
            yield consumer
        except KafkaException as error:
            if consumer is not None:
                consumer.close()
            consumer = None
            raise LogUnavailable(str(error)) from error
        finally:
            if consumer is not None:
                consumer.unassign()
            self._idle.put(consumer)

    def _config(self) -> dict[str, Any]:
        return {
            "bootstrap.servers": self.settings.kafka,
            "log_level": CRITICAL,
            "group.id": f"{self.settings.environment}.gateway",  # librdkafka wants one; nothing is committed
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "auto.offset.reset": "error",
            "fetch.wait.max.ms": 50,
        }


def checked(found: list[FeedEntry], after: int) -> list[FeedEntry]:
    """The page if it goes on without a gap behind `after`; raises Expired where entries are gone, LogUnavailable."""
    if not found:
        raise LogUnavailable("the entries did not come in time")
    if found[0]["seq"] != after + 1:
        raise Expired
    return found


def _readable(record: Message, name: str) -> Any:
    """The record; None where it cannot be read: it is told and left out, for a missing entry shows as a gap anyway."""
    try:
        return wire.decode(record.value() or b"", names_on(name))[1]
    except WireError as error:
        SKIPPED.labels(name).inc()
        log.error("gateway.unreadable", topic=name, offset=record.offset(), error=str(error))
        return None
