"""Reading partitions up to an end that was asked for before: the restore's and the references' way of reading."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from confluent_kafka import Consumer, IsolationLevel, KafkaError, KafkaException, TopicCollection, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from schemas.settings import Settings
from streams.engine.kafka import MOVING, QUIET, error_of, reader_config, record_of
from streams.engine.records import TP, Record

ASK_S = 10.0
MOVING_S = 0.05  # between two questions while a leader moves
AGAIN = (  # ask again: a broker that is just back knows less than it is asked by, or nobody leads yet
    *MOVING,
    KafkaError.UNKNOWN_LEADER_EPOCH,
    KafkaError._NOENT,
)
READ = 5_000  # records a step takes at most
Rows = dict[bytes, bytes | None]  # in wire format, by state key; None = deleted


def _place(message: Any) -> tuple[str, int]:
    return message.topic(), message.partition()


class Watermarks:
    """Asks the broker where partitions begin and end, whatever transactions are open: of all partitions at once.

    A client of its own: a consumer's question waits behind its long poll, some 100 ms for each partition.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._admin = AdminClient({"bootstrap.servers": settings.kafka, "log_level": QUIET})  # must outlive its futures

    def lows(self, tps: Iterable[TP]) -> dict[TP, int]:
        """Where each partition begins."""
        return self._ask(tps, OffsetSpec.earliest())  # type: ignore[no-untyped-call]  # the client's own gap

    def highs(self, tps: Iterable[TP], *, committed: bool = False) -> dict[TP, int]:
        """High watermarks; with `committed`, last stable offsets."""
        return self._ask(tps, OffsetSpec.latest(), committed)  # type: ignore[no-untyped-call]  # the client's own gap

    def partitions(self, topic: str) -> int:
        """How many partitions a topic has; raises KafkaException where there is no such topic."""
        name = self._settings.topic(topic)
        found = self._admin.list_topics(name, timeout=ASK_S).topics[name]
        if found.error:
            raise KafkaException(found.error)
        return len(found.partitions)

    def incarnation(self, topic: str) -> str:
        """The topic's id, which changes when it is deleted and made again."""
        if self._settings.embedded:  # the mock cluster cannot describe topics; each has an address of its own
            return f"embedded {self._settings.kafka}"
        name = self._settings.topic(topic)
        described = self._admin.describe_topics(TopicCollection([name]))[name].result(timeout=ASK_S)
        return str(described.topic_id)

    def _ask(self, tps: Iterable[TP], which: OffsetSpec, committed: bool = False) -> dict[TP, int]:
        """Ask until every leader answers; raises KafkaException, TimeoutError."""
        names = {TopicPartition(self._settings.topic(tp.topic), tp.partition): tp for tp in tps}
        level = IsolationLevel.READ_COMMITTED if committed else IsolationLevel.READ_UNCOMMITTED
        deadline = time.monotonic() + ASK_S
        while names:
            answers = self._admin.list_offsets(
                dict.fromkeys(names, which), isolation_level=level, request_timeout=ASK_S
            )
            try:
                return {names[part]: int(answer.result(ASK_S).offset) for part, answer in answers.items()}
            except KafkaException as exc:
                error = error_of(exc)
                if error is None or error.code() not in AGAIN or time.monotonic() > deadline:
                    raise
                time.sleep(MOVING_S)
                self._admin.list_topics(timeout=ASK_S)  # or it would ask the old leader's epoch again
        return {}


class Tail:
    """A consumer without a group, assigned partitions at offsets of our choosing."""

    def __init__(self, settings: Settings, starts: Mapping[TP, int], patience_ms: int = 0) -> None:
        self._names = {settings.topic(tp.topic): tp.topic for tp in starts}
        self.reached: dict[TP, int] = dict(starts)  # per partition, up to where it is read, markers included
        self._consumer = Consumer(reader_config(settings, patience_ms))
        self._consumer.assign([TopicPartition(settings.topic(tp.topic), tp.partition, at) for tp, at in starts.items()])

    def behind(self, ends: Mapping[TP, int]) -> set[TP]:
        """Partitions not yet read up to these ends.

        An EOF below its end comes at the last stable offset: a marker is still under way, so the partition stays behind.
        """
        return {tp for tp, end in ends.items() if self.reached[tp] < end}

    def step(self, wait_s: float) -> list[Record]:
        """The next records, as many as lie ready; raises KafkaException."""
        return [record for message in self._ready(wait_s) if (record := self._take(message)) is not None]

    def rows(self, wait_s: float) -> dict[TP, Rows]:
        """The next records as rows, the newest of each key, without the detour over records: a restore waits for them.

        raises KafkaException
        """
        found: dict[TP, Rows] = {}
        for (name, number), run in groupby(self._ready(wait_s), _place):
            tp, good = TP(self._names.get(name, ""), number), list(run)
            if any(message.error() is not None for message in good):
                good = [message for message in good if self._take(message) is not None]
            if good:
                found.setdefault(tp, {}).update((message.key() or b"", message.value()) for message in good)
                self.reached[tp] = max(self.reached[tp], good[-1].offset() + 1)
        return found

    def _ready(self, wait_s: float) -> list[Any]:
        first = self._consumer.poll(wait_s)
        return [] if first is None else [first, *self._consumer.consume(READ - 1, 0)]

    def read_up_to(self, ends: Mapping[TP, int], within_s: float) -> list[Record]:
        """All records up to these ends; raises TimeoutError."""
        deadline, records = time.monotonic() + within_s, list[Record]()
        while missing := self.behind(ends):
            if time.monotonic() > deadline:
                raise TimeoutError(f"not read up to its end: {sorted(missing)}")
            records += self.step(0.01)
        return records

    def close(self) -> None:
        """Close the consumer."""
        self._consumer.close()

    def _take(self, message: Any) -> Record | None:
        error, tp = message.error(), TP(self._names.get(message.topic(), ""), message.partition())
        if error is not None and error.code() != KafkaError._PARTITION_EOF:
            if error.retriable() or not error.fatal():
                return None
            raise KafkaException(error)
        self.reached[tp] = max(self.reached[tp], message.offset() + (error is None))
        return None if error else record_of(message, self._names)
