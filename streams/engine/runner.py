"""An agent's worker in a topology: it decides, commits, dies and is started again as a worker on Kafka is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from streams.engine.agent import Agent
from streams.engine.deciding import Decided, Deciding
from streams.engine.memory_log import MemoryLog
from streams.engine.records import TP, Out
from streams.engine.references import References
from streams.engine.schedule import Schedule
from streams.engine.timers import Alarms
from tables.store_layer import TIMER
from tables.store_memory import MemoryStore
from tables.write import Sink

FIRED = 1_000  # timers of a partition in one transaction


class RestoreBroken(AssertionError):
    """A store caught up from its changelog and one rebuilt from the changelog's beginning hold different rows."""


@dataclass(slots=True)
class Work:
    """What a partition contributes to a transaction."""

    tp: TP
    next: int  # offset behind its last record
    records: int
    decided: Decided


class Runner:
    """One agent in a topology: its positions, rows, timers and sink. A changelog is kept where workers may die."""

    def __init__(self, agent: Agent, log: MemoryLog, sink: Sink | None, schedule: Schedule) -> None:
        self.agent, self.log, self.sink, self.schedule = agent, log, sink, schedule
        self.changelog = agent.table.changelog if agent.table and schedule.drawn else ""
        self.positions: defaultdict[TP, int] = defaultdict(int)
        self.stores: defaultdict[int, MemoryStore] = defaultdict(MemoryStore)
        self.logged: defaultdict[int, int] = defaultdict(int)  # changelog offset behind each store's last write
        self.idle = 0  # turns that it stands still
        self._done_at = -1  # the log's changes when it was seen to the end
        self._begin()

    def behind(self) -> list[TP]:
        """Partitions with records that are not decided, in a stable order."""
        if self._done_at == self.log.changes:
            return []
        found = self.log.behind(self.agent.reads, self.positions)
        self._done_at = -1 if found else self.log.changes
        return found

    def decide(self, tp: TP, limit: int) -> Work:
        """Decide the next records of a partition without committing anything."""
        self._refresh()
        records, following = self.log.read(tp, self.positions[tp], limit)
        return Work(tp, following, len(records), self.deciding.batch(records, self.stores[tp.partition]))

    def fire(self, partition: int, decided: Decided, now: int) -> int:
        """Add the commands of a partition's timers that are due; returns how many."""
        return self.deciding.fire(partition, decided, self.alarms[partition].due(now, FIRED), now)

    def due(self, now: int) -> list[Work]:
        """Transactions of nothing but timers."""
        works = []
        for partition in sorted(number for number, alarms in self.alarms.items() if (alarms.next() or now + 1) <= now):
            tp = TP(self.agent.mailbox, partition)
            work = Work(tp, self.positions[tp], 0, self.deciding.batch([], self.stores[partition]))
            if self.fire(partition, work.decided, now):
                works.append(work)
        return works

    def next_due(self) -> int | None:
        """When its earliest timer is due."""
        found = [due for alarms in self.alarms.values() if (due := alarms.next()) is not None]
        return min(found, default=None)

    def commit(self, work: Work, now: int) -> bool:
        """What a transaction does: the read models, as they take doubles; all or nothing of the rest; then the store.

        returns  False where the worker died before its transaction was whole
        raises   RestoreBroken
        """
        if self.sink and work.decided.writes:
            self.sink.write(work.decided.writes)
        outs, rows = work.decided.published(), work.decided.layer.encoded()
        partition = work.tp.partition
        if self.changelog:
            outs += [Out(self.changelog, key, value, [], partition=partition) for key, value in rows.items()]
        if self.schedule.happens("lost"):
            self.log.abort(outs)
            self._die()
            return False
        self._publish(outs, now)
        self.positions[work.tp] = work.next
        if self.schedule.happens("died"):
            self._die()
        else:
            self._write(partition, rows, work.decided)
        return True

    def _publish(self, outs: list[Out], now: int) -> None:
        first: dict[TP, int] = {}
        for out in outs:
            record = self.log.append(out, now)
            first.setdefault(record.tp, record.offset)
        if not self.schedule.drawn:
            return
        for tp, offset in first.items():
            self.log.mark(tp)
            if self.schedule.happens("torn"):
                self.log.hold(tp, offset, self.schedule.pause())

    def _write(self, partition: int, rows: Mapping[bytes, bytes | None], decided: Decided) -> None:
        store, alarms = self.stores[partition], self.alarms[partition]
        store.write(rows)
        if self.changelog:
            self.logged[partition] = self.log.length(TP(self.changelog, partition))
        for scope, names in decided.layer.changes.items():
            for name in names:
                if name.startswith(f"{TIMER}|"):
                    alarms.note(scope, name, store.get(scope, name))

    # -- dying and beginning again

    def _die(self) -> None:
        """The worker is gone; the next one knows what disk and changelog say, and nothing else."""
        robbed = self.schedule.happens("robbed")
        for partition in sorted(self.stores) if self.changelog else ():
            kept, rebuilt = self.stores[partition], MemoryStore()
            self._restore(kept, partition, self.logged[partition])
            self._restore(rebuilt, partition, 0)
            if kept.filled() != rebuilt.filled():
                raise RestoreBroken(f"{self.agent.name}, partition {partition}")
            self.stores[partition] = rebuilt if robbed else kept
        self.idle = self.schedule.pause()
        self._begin()

    def _restore(self, store: MemoryStore, partition: int, offset: int) -> None:
        """Up to the changelog's end, as it is compacted: of each row the last record."""
        tp = TP(self.changelog, partition)
        self.log.settle(tp)
        records, self.logged[partition] = self.log.read(tp, offset, self.log.end(tp))
        store.write({record.key or b"": record.value for record in records})

    def _begin(self) -> None:
        """What a worker has in memory when it has taken over."""
        self.references = References() if self.agent.references else None
        self.deciding = Deciding(self.agent, self.references)
        self._read: defaultdict[TP, int] = defaultdict(int)  # reference topics, which have no group
        self.alarms: defaultdict[int, Alarms] = defaultdict(Alarms)
        for partition, store in self.stores.items():
            for scope, name, row in store.timers():
                self.alarms[partition].note(scope, name, row)

    def _refresh(self) -> None:
        if self.references is None:
            return
        for tp in (TP(topic, number) for topic in self.agent.references for number in range(self.log.partitions)):
            records, self._read[tp] = self.log.read(tp, self._read[tp], self.log.end(tp))
            for record in records:
                self.references.take(record)
