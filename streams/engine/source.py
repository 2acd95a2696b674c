"""The engine's side of its consumer group: what it owns, where it reads, and what a rebalance does to that.

librdkafka calls the membership callbacks inside poll() and close(), on our thread. An exception must not cross them, so
trouble is kept and raised by the next poll.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import structlog
from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka import Message as KafkaMessage

from schemas.settings import Settings
from streams.engine.kafka import NOT_YET, consumer_config, error_of, is_deadly, record_of
from streams.engine.records import TP, Record

log = structlog.get_logger("wharf.engine")
PATIENCE = {"max.poll.interval.ms": 60_000}  # after that the group takes partitions back that we do not hand over


class Doubt(Exception):
    """The session cannot vouch for its state any more."""


class Owner(Protocol):
    """Who hears of what is gained and lost."""

    def gained(self) -> None:
        """Partitions were added; they are paused until start_at()."""

    def dropped(self, tps: set[TP]) -> None:
        """Partitions were taken away."""


class Source:
    """The consumer. `position` knows only partitions that are taken over: the next offset to decide."""

    def __init__(self, settings: Settings, group: str, topics: tuple[str, ...], owner: Owner) -> None:
        self._settings, self._owner = settings, owner
        self._names = {settings.topic(topic): topic for topic in topics}
        self._consumer = Consumer(consumer_config(settings, group) | {"enable.partition.eof": True, **PATIENCE})
        self._epoch, self._joined = 0, False
        self._trouble: BaseException | None = None
        self.owned: set[TP] = set()
        self.position: dict[TP, int] = {}
        self.decided: dict[TP, int] = {}  # up to where all was decided once, and is committed
        self.ended: dict[TP, int] = {}  # where an end was met and nothing came since
        self.changelog = ""  # which one our state is in: said with every offset that is committed
        self.said: dict[TP, str] = {}  # which one was said with the offsets that were found

    def open(self) -> None:
        """Join the group."""
        topics = list(self._names)
        self._consumer.subscribe(topics, on_assign=self._assigned, on_revoke=self._dropped, on_lost=self._lost)

    def close(self) -> bool:
        """Leave the group, and tell whether that went well; callbacks begin nothing new."""
        self._trouble = self._trouble or Doubt("the session is over")
        try:
            self._consumer.close()
        except (KafkaException, RuntimeError) as exc:
            log.warning("engine.close", error=str(exc))
            return False
        return True

    # -- reading

    def poll(self, limit: int, wait_s: float) -> list[Record]:
        """What lies ready, waiting only for the first record; nothing from before a rebalance. Raises kept trouble."""
        first = self._consumer.poll(wait_s)
        epoch, before = self._epoch, set(self.owned)
        found = [] if first is None else [first, *self._consumer.consume(limit - 1, 0)]
        if self._trouble:
            raise self._trouble
        records = [record for message in found if (record := self._take(message)) is not None]
        if epoch == self._epoch:
            return records
        self.rewind(before & self.owned & self.position.keys())  # consume() ran a rebalance in its middle
        return []

    def rewind(self, tps: set[TP]) -> None:
        """Read these again from what is not decided yet."""
        for tp in tps:
            self._consumer.seek(self._part(tp, self.position[tp]))
            self.ended.pop(tp, None)

    def start_at(self, offsets: Mapping[TP, int]) -> None:
        """Partitions are taken over: read them from here."""
        for tp, offset in offsets.items():
            self._consumer.seek(self._part(tp, offset))
            self.ended.pop(tp, None)
        self.position |= offsets
        self.resume(set(offsets))

    def pause(self, tps: set[TP]) -> None:
        """Fetch nothing of these until resume()."""
        self._consumer.pause([self._part(tp) for tp in tps])

    def resume(self, tps: set[TP]) -> None:
        """Fetch these again."""
        self._consumer.resume([self._part(tp) for tp in tps])

    def _take(self, message: KafkaMessage) -> Record | None:
        error = message.error()
        if error is None:
            if self.ended:
                self.ended.pop(self._tp(message), None)
            return record_of(message, self._names)
        if error.code() == KafkaError._PARTITION_EOF:
            self.ended[self._tp(message)] = int(message.offset() or 0)
        elif is_deadly(error):
            raise KafkaException(error)
        else:
            log.warning("engine.consumer", error=error.str(), code=error.name())
        return None

    # -- offsets and membership

    def stable_offsets(self, tps: set[TP], within_s: float) -> dict[TP, int] | None:
        """Committed offsets (-1001 = none), or None while an open transaction may still move them."""
        try:
            found = self._consumer.committed([self._part(tp) for tp in tps], within_s)
            for trouble in filter(None, (part.error for part in found)):
                raise KafkaException(trouble)
        except KafkaException as exc:
            error = error_of(exc)
            if error is not None and error.code() in NOT_YET:
                return None
            raise
        self.said |= {self._tp_of(part): part.metadata or "" for part in found}
        return {self._tp_of(part): part.offset for part in found}

    def backlog(self, tp: TP) -> int:
        """Records not yet decided, by the last fetch; transaction markers count."""
        if tp in self.ended:
            return 0
        _, high = self._consumer.get_watermark_offsets(self._part(tp), cached=True)
        return max(0, int(high) - self.position.get(tp, 0))

    def offsets(self, tps: set[TP]) -> list[TopicPartition]:
        """The offsets of these partitions, as a transaction carries them; what is read again moves none back."""
        decided = {tp: max(self.position[tp], self.decided.get(tp, 0)) for tp in sorted(tps)}
        return [self._part(tp, offset, self.changelog) for tp, offset in decided.items()]

    def member(self) -> str:
        """Which member of the group we are; empty while we are none."""
        return self._consumer.memberid() or ""

    def membership(self) -> Any:
        """Who we are to the group, as late as possible: a rebalance that takes nothing from us still changes it.

        Safe because librdkafka cannot rejoin before our callbacks ran, and they run on this thread. The broker would not
        check one without a member id at all, nor one that has left a group without members, which harms nobody: whoever
        takes over is a member first. Raises Doubt.
        """
        if not self._joined or not self.owned:
            raise Doubt("no longer a member")
        return self._consumer.consumer_group_metadata()

    def commit(self, offsets: list[TopicPartition]) -> None:
        """Commit offsets without a transaction, as the member that we are now; raises Doubt, KafkaException."""
        if not self.owned:
            raise Doubt("no longer a member")
        for trouble in filter(
            None, (part.error for part in self._consumer.commit(offsets=offsets, asynchronous=False))
        ):
            raise KafkaException(trouble)

    # -- callbacks

    def _assigned(self, consumer: Consumer, parts: list[TopicPartition]) -> None:
        self._epoch += 1
        self._joined = bool(
            self.member()
        )  # asked here and not at each commit: librdkafka's main thread may be slow to answer
        self.owned |= {self._tp_of(part) for part in parts}
        for part in parts:
            part.offset = 0  # or librdkafka would ask; nothing is read there: paused, and sought before it is resumed
        consumer.incremental_assign(parts)
        if parts:
            consumer.pause(parts)
        self._guard(self._owner.gained)

    def _dropped(self, consumer: Consumer, parts: list[TopicPartition]) -> None:
        self._epoch += 1
        gone = {self._tp_of(part) for part in parts}
        self.owned -= gone
        for tp in gone:
            self.position.pop(tp, None)
            self.decided.pop(tp, None)
            self.ended.pop(tp, None)
        self._guard(lambda: self._owner.dropped(gone))
        consumer.incremental_unassign(parts)

    def _lost(self, consumer: Consumer, parts: list[TopicPartition]) -> None:
        self._trouble = self._trouble or Doubt("membership lost")
        self._dropped(consumer, parts)

    def _guard(self, call: Callable[[], None]) -> None:
        try:
            call()
        except BaseException as exc:  # noqa: BLE001  kept: it must not cross librdkafka's callback
            self._trouble = self._trouble or exc

    def _part(self, tp: TP, offset: int = -1001, said: str = "") -> TopicPartition:
        topic = self._settings.topic(tp.topic)
        return (
            TopicPartition(topic, tp.partition, offset, said) if said else TopicPartition(topic, tp.partition, offset)
        )

    def _tp(self, message: KafkaMessage) -> TP:
        return TP(self._names.get(str(message.topic()), ""), int(message.partition() or 0))

    def _tp_of(self, part: TopicPartition) -> TP:
        return TP(self._names[part.topic], part.partition)
