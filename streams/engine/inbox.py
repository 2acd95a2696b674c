"""Records of topics, handled concurrently and at least once."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future, wait

import structlog
from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka import Message as KafkaMessage

from schemas.settings import Settings
from streams.engine import metrics
from streams.engine.burials import Burials
from streams.engine.dead import Kind, dead_letters
from streams.engine.failpoints import reach
from streams.engine.farewell import Farewell
from streams.engine.kafka import consumer_config, is_deadly, record_of
from streams.engine.lanes import Handle, Lanes, OrderedBy
from streams.engine.offsets import Offsets
from streams.engine.records import TP, Record
from streams.engine.report import log_dead
from streams.engine.slots import take_slot

log = structlog.get_logger("wharf.inbox")
COMMIT_S = 0.2
BURY_S = 2.0  # how long an end in good order waits for burials
WINDOW = 1000  # records read ahead of the first that is not done, beside four per handler


class Inbox:
    """A group member; offsets are committed only up to the first record whose handler has not returned."""

    def __init__(self, settings: Settings, group: str, topics: Iterable[str]) -> None:
        self.settings, self.name, self.topics = settings, group, tuple(topics)
        self.group = f"{settings.environment}.{group}"
        self._offsets, self._lock = Offsets(), threading.Lock()
        self._stop = threading.Event()
        self._burials: Burials  # made with its slot
        self._names = {settings.topic(topic): topic for topic in self.topics}

    async def run(self, handle: Handle, *, concurrency: int, ordered_by: OrderedBy | None = None) -> None:
        """Handle records until stop(); one that raises is tried again with back-off, others of its key wait.

        concurrency  how many handlers run at a time
        ordered_by   records of the same value are handled one after the other, in the order of the log
        """
        lanes = Lanes(handle, self._bury, self._done, concurrency=concurrency, ordered_by=ordered_by)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, self._read, lanes, loop, WINDOW + 4 * concurrency)

    def stop(self) -> None:
        """Let run() return once what is being handled is done."""
        self._stop.set()

    async def _bury(self, record: Record, why: Exception) -> None:
        letters = list(dead_letters(self.name, record, why, Kind.UNDECODABLE))
        await asyncio.wrap_future(self._burials.ask(record, letters))
        log_dead(letters)
        metrics.DEAD.labels(self.name, str(record.partition)).inc()

    # -- on the reading thread

    def _read(self, lanes: Lanes, loop: asyncio.AbstractEventLoop, window: int) -> None:
        slot = take_slot(self.settings.state_dir / "slots" / self.group)
        farewell = Farewell(self.settings, self.group, slot.folder / "member")
        farewell.say()
        self._burials = Burials(self.settings, f"{self.group}.{slot.name}")
        consumer = Consumer(consumer_config(self.settings, self.group))
        if self.settings.embedded:  # it makes a topic when first asked about it, and tells no group that waits for it
            for name in self._names:
                consumer.list_topics(name, timeout=10)
        consumer.subscribe(list(self._names), on_revoke=self._revoked, on_lost=self._lost)
        try:
            self._turns(consumer, farewell, lanes, loop, window)
        finally:
            self._settle(consumer, asyncio.run_coroutine_threadsafe(lanes.settled(), loop))
            self._commit(consumer)
            consumer.close()
            farewell.said()
            slot.release()

    def _turns(
        self, consumer: Consumer, farewell: Farewell, lanes: Lanes, loop: asyncio.AbstractEventLoop, window: int
    ) -> None:
        committed, paused = time.monotonic(), False
        while not self._stop.is_set():
            room = window - self._open()
            if paused != (room <= 0):
                paused = not paused
                (consumer.pause if paused else consumer.resume)(consumer.assignment())
            if found := self._poll(consumer, max(room, 1)):
                reach("inbox.after-poll")
            for message in found:
                record = record_of(message, self._names)
                with self._lock:
                    self._offsets.began(record.tp, record.offset)
                loop.call_soon_threadsafe(lanes.accept, record)
            self._bury_due(consumer)
            if time.monotonic() - committed > COMMIT_S:
                self._commit(consumer)
                farewell.note(consumer.memberid() or "")
                committed = time.monotonic()

    def _poll(self, consumer: Consumer, room: int) -> list[KafkaMessage]:
        """What lies ready, waiting only for the first record: consume(n, t) alone would wait for all n."""
        first = consumer.poll(0.05)
        found = [] if first is None else [first, *(consumer.consume(room - 1, 0) if room > 1 else [])]
        for error in (record.error() for record in found):
            if error is not None and is_deadly(error):
                raise KafkaException(error)
            if error is not None:
                log.warning("inbox.consumer", group=self.group, error=error.str())
        return [record for record in found if record.error() is None]

    def _bury_due(self, consumer: Consumer) -> None:
        for burial in self._burials.due(self._is_first):
            self._commit(consumer)  # what is done before it, or that would be said after it
            self._burials.bury(burial, consumer)

    def _settle(self, consumer: Consumer, settled: Future[None]) -> None:
        """Return when the handlers that run have ended; what can be buried meanwhile is."""
        until = time.monotonic() + BURY_S
        while not wait([settled], 0.02).done:
            self._bury_due(consumer)
            if time.monotonic() > until:
                self._burials.close()
        self._burials.close()
        settled.result()

    def _is_first(self, tp: TP, offset: int) -> bool:
        with self._lock:
            return self._offsets.is_first(tp, offset)

    def _open(self) -> int:
        with self._lock:
            return self._offsets.open

    def _done(self, record: Record) -> None:
        reach("inbox.handled")
        with self._lock:
            self._offsets.done(record.tp, record.offset)

    def _commit(self, consumer: Consumer) -> None:
        with self._lock:
            taken = self._offsets.take()
        offsets = [TopicPartition(self.settings.topic(tp.topic), tp.partition, next_) for tp, next_ in taken.items()]
        if not offsets:
            return
        reach("inbox.before-commit")
        try:
            consumer.commit(offsets=offsets, asynchronous=False)
            reach("inbox.after-commit")
        except KafkaException as exc:  # at least once: they are read again by whoever owns them next
            log.warning("inbox.commit", group=self.group, error=str(exc))

    def _revoked(self, consumer: Consumer, parts: list[TopicPartition]) -> None:
        self._commit(consumer)
        self._lost(consumer, parts)

    def _lost(self, _: Consumer, parts: list[TopicPartition]) -> None:
        gone = {TP(self._names[part.topic], part.partition) for part in parts}
        self._burials.forget(gone)
        with self._lock:
            for tp in gone:
                self._offsets.forget(tp)
