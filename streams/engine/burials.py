"""A door's dead letters: each is written in one transaction with the offset behind its record, so that it stands once.

A record is buried when all before it in its partition are done: only then may the offset behind it be committed. Those
behind it are handled meanwhile. All of it happens on the thread that reads, which alone knows its membership.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import structlog
from confluent_kafka import Consumer, KafkaException, TopicPartition

from schemas.settings import Settings
from streams.engine.bounded import Overdue
from streams.engine.failpoints import reach
from streams.engine.records import TP, Out, Record
from streams.engine.source import Doubt
from streams.engine.transaction import Transactor

log = structlog.get_logger("wharf.inbox")
AGAIN_S, ASK_S = 1.0, 5.0
TROUBLE = (KafkaException, Overdue, Doubt, BufferError)


@dataclass(slots=True, eq=False)
class Burial:
    """A dead record, its letters, and who waits for them to stand."""

    record: Record
    letters: list[Out]
    done: Future[None] = field(default_factory=Future)
    doubted: bool = False  # a transaction with it may have been committed


class Burials:
    """What one door still has to bury. `ask` may be called from any thread, the rest from the one that reads."""

    def __init__(self, settings: Settings, transactional_id: str) -> None:
        self._settings, self._id = settings, transactional_id
        self._transactor: Transactor | None = None  # made when the first letter is written
        self._waiting: dict[tuple[str, int, int], Burial] = {}  # by the record's position
        self._closed, self._not_before = False, 0.0

    def ask(self, record: Record, letters: list[Out]) -> Future[None]:
        """Done when the letters stand; cancelled where that has become somebody else's business."""
        burial = self._waiting[record.position] = Burial(record, letters)
        if self._closed:
            self._drop(burial)
        return burial.done

    def forget(self, tps: set[TP]) -> None:
        """These partitions are no longer ours."""
        for burial in [burial for burial in list(self._waiting.values()) if burial.record.tp in tps]:
            self._drop(burial)

    def due(self, is_first: Callable[[TP, int], bool]) -> Iterator[Burial]:
        """Those whose record is the first of its partition that is not done; none for a while after trouble."""
        for burial in list(self._waiting.values()):
            if time.monotonic() >= self._not_before and is_first(burial.record.tp, burial.record.offset):
                yield burial

    def bury(self, burial: Burial, consumer: Consumer) -> None:
        """Write letters and offset. Where that fails it is due again; where it is in doubt the broker is asked first."""
        record = burial.record
        behind = TopicPartition(self._settings.topic(record.topic), record.partition, record.offset + 1)
        try:
            transactor = self._open()  # settles what is in doubt
            if not (burial.doubted and _stands(behind, consumer)):
                burial.doubted = True
                reach("inbox.before-burial")
                transactor.commit(burial.letters, [], [behind], lambda: _membership(consumer))
                reach("inbox.after-burial")
        except TROUBLE as exc:
            log.error("inbox.dead-letter", position=record.position, error=repr(exc))
            self._end()
            self._not_before = time.monotonic() + AGAIN_S
            return
        self._waiting.pop(record.position, None)
        if not burial.done.cancelled():
            burial.done.set_result(None)

    def close(self) -> None:
        """Bury nothing more."""
        self._closed = True
        for burial in list(self._waiting.values()):
            self._drop(burial)
        self._end()

    def _drop(self, burial: Burial) -> None:
        self._waiting.pop(burial.record.position, None)
        burial.done.cancel()

    def _open(self) -> Transactor:
        if self._transactor is None:
            self._transactor = Transactor(self._settings, self._id)
            self._transactor.open()
        return self._transactor

    def _end(self) -> None:
        if self._transactor is not None:
            self._transactor.close()
            self._transactor = None


def _stands(behind: TopicPartition, consumer: Consumer) -> bool:
    """Whether the offset behind the record was committed, and the letters with it."""
    (found,) = consumer.committed([TopicPartition(behind.topic, behind.partition)], ASK_S)
    if found.error:
        raise KafkaException(found.error)
    return bool(found.offset >= behind.offset)


def _membership(consumer: Consumer) -> Any:
    """Who we are to the group; raises Doubt."""
    if not consumer.memberid():
        raise Doubt("no longer a member")
    return consumer.consumer_group_metadata()
