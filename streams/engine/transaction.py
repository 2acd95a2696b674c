"""One Kafka transaction: outputs, dead letters, one changelog record per changed row, and the group's offsets."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from confluent_kafka import TIMESTAMP_LOG_APPEND_TIME, KafkaError, Producer, TopicPartition
from confluent_kafka import Message as KafkaMessage

from schemas.settings import Settings
from streams.engine.bounded import Bounded
from streams.engine.clock import BrokerClock
from streams.engine.failpoints import reach
from streams.engine.kafka import transactional_config
from streams.engine.records import Out
from streams.engine.source import Doubt

BREATH_S = 0.004  # the broker still writes the last transaction's markers; too early, librdkafka backs off for 20 ms
INIT_S = 30.0
OFFSETS_S = 5.0  # takes milliseconds; where the coordinator is away, a new session finds it sooner
GRACE_S = 2.0  # beyond the time-outs that librdkafka was given and may not keep
QUEUE_S = 30.0  # how long a full queue may stay full
EARLY_MS = 250  # a timer may fire so much before the broker's clock says that it is due


@dataclass(frozen=True, slots=True)
class Changed:
    """Rows of one partition to log, by state key."""

    changelog: str
    partition: int
    rows: Mapping[bytes, bytes | None]


class Transactor:
    """The producer of one session. Any exception of its calls ends the session: the next one settles what is open."""

    def __init__(self, settings: Settings, transactional_id: str, clock: BrokerClock | None = None) -> None:
        self._settings, self._topic, self._clock = settings, cache(settings.topic), clock or BrokerClock()
        self._producer = Producer(transactional_config(settings, transactional_id))
        self._bounded = Bounded(f"transactions-{transactional_id}")
        self._ended = 0.0

    def open(self) -> None:
        """Fence whoever had this id before us and end what it left open."""
        self._bounded.run(lambda: self._producer.init_transactions(INIT_S), INIT_S + GRACE_S)

    def close(self) -> None:
        """Drop what is not sent; a producer that is stuck is left behind."""
        if not self._bounded.overdue:
            self._producer.purge()
            self._producer.poll(0)
        self._bounded.close()

    def commit(
        self,
        outs: list[Out],
        changed: list[Changed],
        offsets: list[TopicPartition],
        membership: Callable[[], Any],
        fired: bool = False,
    ) -> dict[int, int]:
        """All of it or nothing; returns the changelog offset behind each changed partition's last row.

        fired   whether timers are among it: then the broker's clock is asked now and then whether they are due
        raises  KafkaException, Overdue, Doubt
        """
        limit_s = self._settings.transaction_timeout_ms / 1000
        time.sleep(max(0.0, self._ended + BREATH_S - time.monotonic()))
        reach("engine.before-begin")
        self._producer.begin_transaction()
        asked = fired and not self._clock.sure and not self._settings.embedded  # the mock cluster stamps nothing
        stamps = self._stamps() if asked else {}
        for out in outs:
            self._produce(out, stamps)
        reach("engine.after-outputs")
        logged: dict[int, int] = {}
        for rows in changed:
            self._log(rows, logged)
        reach("engine.after-produce")
        if asked:
            self._refuse_early(limit_s)
        member = membership()  # here, on the thread that runs the group's callbacks
        sent = lambda: self._producer.send_offsets_to_transaction(offsets, member, OFFSETS_S)  # noqa: E731
        self._bounded.run(sent, OFFSETS_S + GRACE_S)
        reach("engine.before-end")
        self._bounded.run(lambda: self._producer.commit_transaction(limit_s), limit_s + GRACE_S)
        self._ended = time.monotonic()
        if logged.keys() != {rows.partition for rows in changed}:
            raise Doubt("committed, but the changelog's offsets are not known")
        return {partition: offset + 1 for partition, offset in logged.items()}

    def _log(self, changed: Changed, logged: dict[int, int]) -> None:
        """One record per row; `logged` learns the last one's offset, which is the highest, as order holds."""

        def delivered(error: KafkaError | None, message: KafkaMessage) -> None:
            if error is None:
                logged[changed.partition] = int(message.offset() or 0)

        topic, last = self._topic(changed.changelog), len(changed.rows) - 1
        for index, (key, value) in enumerate(changed.rows.items()):
            options: dict[str, Any] = {"on_delivery": delivered} if index == last else {}
            self._send(topic, value, key, changed.partition, **options)

    def _stamps(self) -> dict[str, Any]:
        """Options by which the clock learns how the broker stamps what is sent now."""
        since = time.monotonic()

        def delivered(error: KafkaError | None, message: KafkaMessage) -> None:
            kind, stamp = message.timestamp()
            if error is None and kind == TIMESTAMP_LOG_APPEND_TIME:
                self._clock.stamped(stamp, since)

        return {"on_delivery": delivered}

    def _refuse_early(self, within_s: float) -> None:
        """Timers that are not due for the broker do not fire; raises Doubt."""
        thought, began = self._clock.now(), time.monotonic()
        self._bounded.run(lambda: self._producer.flush(within_s), within_s + GRACE_S)
        early = thought + round(1000 * (time.monotonic() - began)) - self._clock.now()
        if early > EARLY_MS:
            raise Doubt(f"this machine's clock is {early / 1000:.1f} s ahead of the broker's: no timer is due yet")

    def _produce(self, out: Out, options: Mapping[str, Any]) -> None:
        where = self._topic(out.topic), out.value, out.key, out.partition
        self._send(*where, timestamp=out.timestamp, headers=out.headers, **options)

    def _send(self, *record: Any, **options: Any) -> None:
        """Hand a record to the client; where its queue is full, wait for it."""
        try:
            return self._producer.produce(*record, **options)
        except BufferError:
            deadline = time.monotonic() + QUEUE_S
        while True:
            self._producer.poll(0.05)
            try:
                return self._producer.produce(*record, **options)
            except BufferError:
                if time.monotonic() > deadline:
                    raise
