"""One life of the consumer, the producer and the stores: poll, decide, one Kafka transaction, then RocksDB.

Whatever raises doubt ends the session. The next one begins as a fresh process would: fence the old transaction, rejoin,
restore from the changelog, read on from the committed offsets. So there is one recovery path, and every kill tests it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from itertools import groupby
from math import inf
from operator import attrgetter

from confluent_kafka import TopicPartition

from streams.engine import metrics
from streams.engine.breaker import Breaker
from streams.engine.broadcast import Broadcast
from streams.engine.careful import ENOUGH_S, decide_guarded
from streams.engine.continuity import check_kept, check_next
from streams.engine.deciding import Decided, Deciding
from streams.engine.delivery import Delivery
from streams.engine.failpoints import reach
from streams.engine.farewell import Farewell
from streams.engine.flood import Flood
from streams.engine.health import Health
from streams.engine.meter import Counting, Meter, Work
from streams.engine.pace import Pace
from streams.engine.records import TP, Out, Record
from streams.engine.report import log_dead
from streams.engine.setup import Setup
from streams.engine.source import Source
from streams.engine.tail import Watermarks
from streams.engine.takeover import Takeover
from streams.engine.transaction import Changed, Transactor
from tables.store_layer import Layer, NoState, State

_PLACE = attrgetter("topic", "partition")
FIRED = 1_000  # timers of a partition in one transaction
PATIENCE_S = 0.1  # how long a poll waits for a first record
TICK_S = 1.0


class Session:
    """Runs one agent until something raises doubt."""

    def __init__(
        self, setup: Setup, breaker: Breaker, broadcast: Broadcast | None = None, delivery: Delivery | None = None
    ) -> None:
        self._setup, self._agent, self._settings = setup, setup.agent, setup.settings
        self._breaker, self._broadcast, self._delivery = breaker, broadcast, delivery
        self._health: Health = setup.health
        self._deciding = Deciding(self._agent, broadcast.view if broadcast else None)
        self._marks = Watermarks(self._settings)
        self._source = Source(self._settings, setup.group, self._agent.reads, self)
        self._takeover = Takeover(
            self._agent, self._settings, setup.slot.folder, self._source, self._marks, self._health
        )
        self._transactor = Transactor(self._settings, setup.transactional_id, setup.clock)
        self._farewell = Farewell(self._settings, setup.group, setup.slot.folder / "member")
        self.pace, self._flood = Pace(), Flood()
        self.meter: Counting = Meter(self._agent.name)
        self._last: dict[TP, int] = {}  # largest `now` per partition
        self._ticked = 0.0

    def open(self) -> None:
        """Settle what an earlier life left open, then join the group."""
        if self._settings.embedded:  # it makes a topic when first asked about it, and tells no group that waits for it
            for topic in (*self._agent.reads, *([self._agent.table.changelog] if self._agent.table else [])):
                self._marks.partitions(topic)
        with self._farewell.saying():
            self._transactor.open()
            reach("session.fenced")
        self._source.open()
        reach("session.joined")

    def close(self) -> None:
        """Leave the group, close stores and producer."""
        if self._source.close():
            reach("session.left")
            self._farewell.said()
        self._takeover.stop()
        self._takeover.drop(set(self._takeover.stores))
        reach("session.stores-closed")
        self._transactor.close()

    def turn(self) -> None:
        """One poll and what follows from it. librdkafka fetches the next records meanwhile."""
        records = self._source.poll(self.pace.limit, self._patience())
        if records and self._agent.table and not self._settings.embedded:  # it reads a mailbox, which the broker stamps
            self._setup.clock.heard(records[-1].timestamp)
        self._takeover.step()
        if self._delivery:
            self._delivery.resume_when_due(self._source)
        if records:
            reach("engine.after-poll")
        began = time.monotonic()
        works = self._decide(records)
        self._fire(works)
        if works:
            reach("engine.after-decide")
            decided = time.monotonic()
            self._finish(list(works.values()))
            self.pace.took(decided - began, len(records), time.monotonic() - decided)
        self._tick()

    # -- deciding

    def _decide(self, records: list[Record]) -> dict[TP, Work]:
        by_partition: dict[TP, list[Record]] = {}
        for place, run in groupby(records, _PLACE):
            by_partition.setdefault(TP(*place), []).extend(run)
        if records and self._broadcast:
            self._broadcast.catch_up()
        self._check(by_partition)
        until = time.monotonic() + ENOUGH_S
        return {tp: self._work(tp, found, until) for tp, found in by_partition.items()}

    def _check(self, by_partition: Mapping[TP, list[Record]]) -> None:
        gaps = check_next(self._source.position, (found[0] for found in by_partition.values()))
        if gaps and self._settings.embedded:
            check_kept(self._source.position, gaps, self._marks.lows(gaps))

    def _work(self, tp: TP, records: list[Record], until: float) -> Work:
        began, decided = time.monotonic(), self._nothing(tp)
        self._health.deciding = tp, began
        since, some = self._source.decided.get(tp, 0), records
        if records[0].offset < since:  # a projection was begun again: beside its writes this was all said before
            some = [record for record in records if record.offset < since]
        taken = self._guarded(decided, some, until)
        if some is not records:
            decided.outs, decided.dead = [], 0
        self._health.deciding = None
        following = records[taken - 1].offset + 1
        return Work(tp, following, taken, decided, seconds=time.monotonic() - began, cut=taken < len(records))

    def _guarded(self, decided: Decided, records: list[Record], until: float) -> int:
        order = self._settings.embedded
        return decide_guarded(self._deciding, self._breaker, decided, records, monotonous=order, until=until)

    def _nothing(self, tp: TP) -> Decided:
        state: State = self._takeover.stores[tp.partition] if self._agent.table else NoState()
        return Decided(Layer(state), now=self._last.get(tp, 0))

    def _fire(self, works: dict[TP, Work]) -> None:
        """Due timers join the batch of their partition, behind its records: those may have moved or cancelled them."""
        now = self._setup.clock.now()
        for tp in self._source.position if self._agent.table else ():
            named = self._takeover.alarms[tp.partition].due(now, FIRED)
            if not named:
                continue
            work = works.get(tp) or Work(tp, self._source.position[tp], 0, self._nothing(tp))
            work.fired = self._deciding.fire(tp.partition, work.decided, named, now)
            if work.fired:
                works[tp] = work
                reach("engine.timers-fired")

    def _patience(self) -> float:
        """Do not wait longer for a record than until the next timer, nor at all while partitions are taken over."""
        if self._takeover.running:
            return 0.0
        due = min((at for alarms in self._takeover.alarms.values() if (at := alarms.next()) is not None), default=inf)
        return min(PATIENCE_S, max(0.0, (due - self._setup.clock.now()) / 1000))

    # -- finishing

    def _finish(self, works: list[Work]) -> None:
        """Read models first, as they take doubles; then all or nothing; then, and only then, RocksDB."""
        writes = [write for work in works for write in work.decided.writes]
        following = {work.tp: work.next for work in works}
        if self._delivery and not self._delivery.write(writes, following, self._source, self._marks):
            return
        self._flood.note(sum(work.decided.dead for work in works), sum(work.records for work in works))
        encoded = {work.tp.partition: work.decided.layer.encoded() for work in works}
        outs = [out for work in works for out in work.decided.published()]
        table = self._agent.table
        changed = [Changed(table.changelog, number, rows) for number, rows in encoded.items() if rows] if table else []
        self._source.position |= following
        offsets = self._source.offsets({work.tp for work in works})
        began = self._health.transaction = time.monotonic()
        logged = self._commit(outs, changed, offsets, any(work.fired for work in works))
        self._health.transaction = None
        self._source.decided |= {tp: max(at, self._source.decided.get(tp, 0)) for tp, at in following.items()}
        self._breaker.passed(following)
        self.meter.committed(works, time.monotonic() - began)  # at once: whatever fails from here on, the log has it
        if self._settings.embedded:  # it takes a transaction's offsets and forgets them
            self._source.commit(offsets)
        reach("engine.after-commit")
        for partition, offset in logged.items():
            began = time.monotonic()
            self._takeover.write(partition, encoded[partition], offset)
            self.meter.applied(partition, time.monotonic() - began)
        reach("engine.after-store")
        self._source.rewind({work.tp for work in works if work.cut})
        self._account(works)

    def _commit(self, outs: list[Out], rows: list[Changed], at: list[TopicPartition], fired: bool) -> dict[int, int]:
        """One transaction; where nothing is said and no row changes, the offsets alone, which the group fences as well."""
        if outs or rows:
            return self._transactor.commit(outs, rows, at, self._source.membership, fired)
        self._source.commit(at)
        return {}

    def _account(self, works: list[Work]) -> None:
        at = time.monotonic()
        for work in works:
            self._last[work.tp] = work.decided.now
            if work.decided.dead:
                log_dead(work.decided.outs)
            if work.tp in self._health.waiting:
                self._health.waiting = {**self._health.waiting, work.tp: at}

    def _tick(self) -> None:
        """About once a second: lag, health, and up to when the read models are caught up."""
        at = time.monotonic()
        self._health.takeover = self._takeover.since
        if at - self._ticked < TICK_S:
            return
        self._ticked = at
        backlog = {tp: self._source.backlog(tp) for tp in self._source.position}
        for tp, count in backlog.items():
            self.meter.lag(tp, count, len(self._takeover.held.get(tp.partition, ())))
        metrics.STRIKES.labels(self._agent.name).set(self._breaker.strikes)
        held = self._delivery is not None and self._delivery.held
        waiting = self._health.waiting
        self._health.waiting = {tp: waiting.get(tp, at) for tp, count in backlog.items() if count and not held}
        self._health.owned = frozenset(self._source.owned)
        self._farewell.note(self._source.member())
        if self._delivery:
            self._delivery.mark(self._source, self._marks, self._last)

    # -- membership, told by the source

    def gained(self) -> None:
        """Partitions were added."""
        self._farewell.note(self._source.member())
        reach("takeover.gained")
        self._takeover.begin()

    def dropped(self, tps: set[TP]) -> None:
        """Partitions were taken away: nothing of them is in flight, as callbacks run between batches."""
        reach("revoke.before-drop")
        self._takeover.drop({tp.partition for tp in tps})
        reach("revoke.after-drop")
        for tp in tps:
            self._last.pop(tp, None)
            self.meter.lag(tp, 0, 0)
        if self._takeover.running:
            self._takeover.begin()
