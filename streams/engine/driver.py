"""The topology driver: the whole product, or a part of it, in one process without a broker.

Deterministic: the same sends give the same log, id for id the one that the engine writes on Kafka. Time stands still
between calls and moves by advance(). Everything goes through the codec, as it does on Kafka.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from schemas import wire
from schemas.envelope import Envelope, derived_id, from_headers, to_headers
from schemas.loader import by_type
from schemas.settings import Settings
from schemas.topics import key_of, split_key
from streams.engine.agent import Agent
from streams.engine.deciding import Decided, Deciding
from streams.engine.effects import Message
from streams.engine.fold import FoldBroken, checked
from streams.engine.memory_log import MemoryLog
from streams.engine.records import TP, Out, Record
from streams.engine.references import References
from streams.engine.timers import Alarms
from tables.store_layer import TIMER
from tables.store_memory import MemoryStore
from tables.write import Sink

START = 1_772_438_400_000  # 2026-03-02T08:00:00Z
MOST = 200_000  # records that one topology decides before it is taken for a loop
Door = Callable[[Message], None]


class Restless(RuntimeError):
    """Agents or doors keep each other busy without end."""


class Runner:
    """One agent in a topology: its positions, rows, timers and sink."""

    def __init__(self, agent: Agent, log: MemoryLog, sink: Sink | None, broken: list[FoldBroken]) -> None:
        table = checked(agent.table, broken) if agent.table else None
        self.agent, self.log, self.sink = replace(agent, table=table), log, sink
        self.references = References() if agent.references else None
        self.deciding = Deciding(self.agent, self.references)
        self.positions: defaultdict[TP, int] = defaultdict(int)
        self.stores: defaultdict[int, MemoryStore] = defaultdict(MemoryStore)
        self.alarms: defaultdict[int, Alarms] = defaultdict(Alarms)

    def behind(self) -> list[TP]:
        """Partitions with records that are not decided, in a stable order."""
        parts = (TP(topic, number) for topic in self.agent.reads for number in range(self.log.partitions))
        return [tp for tp in parts if self.positions[tp] < self.log.end(tp)]

    def decide(self, tp: TP, limit: int) -> tuple[Decided, int]:
        """Decide the next records of a partition without committing anything."""
        self._refresh()
        records = self.log.read(tp, self.positions[tp], limit)
        return self.deciding.batch(records, self.stores[tp.partition]), len(records)

    def commit(self, partition: int, decided: Decided, now: int) -> None:
        """What a transaction does: publish, change rows, then the read models."""
        for out in decided.published():
            self.log.append(out, now)
        self.stores[partition].write(decided.layer.encoded())
        for scope, rows in decided.layer.changes.items():
            for name in rows:
                if name.startswith(f"{TIMER}|"):
                    self.alarms[partition].note(scope, name, self.stores[partition].get(scope, name))
        if self.sink and decided.writes:
            self.sink.write(decided.writes)

    def fire(self, now: int) -> int:
        """Publish the commands of all timers that are due; returns how many."""
        fired = 0
        for partition in sorted(self.alarms):
            decided, _ = self.deciding.batch([], self.stores[partition]), 0
            fired += self.deciding.fire(partition, decided, self.alarms[partition].due(now, 1000), now)
            self.commit(partition, decided, now)
        return fired

    def next_due(self) -> int | None:
        """When its earliest timer is due."""
        found = [due for alarms in self.alarms.values() if (due := alarms.next()) is not None]
        return min(found, default=None)

    def _refresh(self) -> None:
        for topic in self.agent.references:
            for tp in (TP(topic, number) for number in range(self.log.partitions)):
                for record in self.log.read(tp, self.positions[tp], self.log.end(tp)):
                    self.positions[tp] = record.offset + 1
                    assert self.references is not None
                    self.references.absorb(record)


class Topology:
    """Agents over one log in memory.

    seed    None = agents in turn, whole partitions at a time; a number = batches, order and lost decisions drawn from it
    sinks   read models by agent, instead of those that the agents declare
    most    records decided in all before Restless is raised
    """

    def __init__(
        self,
        agents: Iterable[Agent],
        *,
        partitions: int = 1,
        now: int = START,
        seed: int | None = None,
        sinks: Mapping[str, Sink] | None = None,
        settings: Settings | None = None,
        most: int = MOST,
    ) -> None:
        self.now, self.memory = now, MemoryLog(partitions)
        self._random = None if seed is None else random.Random(seed)
        self._broken: list[FoldBroken] = []
        self._doors: list[tuple[str, Door]] = []
        self._passed: defaultdict[int, int] = defaultdict(int)
        self._sent, self._left = 0, most
        self.runners: dict[str, Runner] = {}
        for agent in agents:
            sink = (sinks or {}).get(agent.name) or (agent.sink(settings) if agent.sink and settings else None)
            self.runners[agent.name] = Runner(agent, self.memory, sink, self._broken)

    def send(
        self,
        type: str,
        key: str,
        record: Mapping[str, Any],
        *,
        tenant: str = "acme",
        id: str | None = None,
        source: str = "test",
        **envelope: Any,
    ) -> str:
        """Put one record on its type's topic, as a door would; returns its id."""
        self._sent += 1
        own = id or derived_id("topology", source, type, self._sent)
        schema = by_type()[type]
        attributes = {"time": self.now, "subject": key, "correlation": own, **envelope}
        headers = to_headers(Envelope(own, type, f"wharf/{source}", tenant, **attributes))
        out = Out(schema.topic, key_of(tenant, key).encode(), wire.encode(schema.name, record), headers, self.now)
        self.memory.append(out, self.now)
        return own

    def put(
        self, topic: str, key: bytes | None, value: bytes | None, headers: Iterable[tuple[str, bytes]] = ()
    ) -> Record:
        """Put raw bytes on a topic, however bad."""
        return self.memory.append(Out(topic, key, value, list(headers), self.now), self.now)

    def door(self, topic: str, handle: Door) -> None:
        """Let `handle` carry out each record of a topic; it answers by send()."""
        self._doors.append((topic, handle))

    def run(self) -> None:
        """Until nothing is left to decide at this moment; raises FoldBroken where a fact does not survive the wire."""
        while self._step():
            pass
        if self._broken:
            raise self._broken[0]

    def advance(self, ms: int) -> None:
        """Let time pass: timers fire in the order of their due times, and what they lead to is decided in between."""
        until = self.now + ms
        self.run()
        while (due := self._next_due()) is not None and due <= until:
            self.now = max(self.now, due)
            self.run()
        self.now = until

    def log(self, topic: str) -> list[Message]:
        """What stands on a topic, decoded, in the order of arrival."""
        return [_decoded(record) for record in self.memory.order[topic]]

    def dead(self, topic: str) -> list[Record]:
        """The dead letters of a topic, as raw records."""
        return list(self.memory.order[f"{topic}.dead"])

    def rows(self, agent: str, tenant: str, key: str) -> dict[str, Any]:
        """The rows that an agent keeps under a key, without timers."""
        scope = key_of(tenant, key)
        stores = self.runners[agent].stores.values()
        found = {name: row for store in list(stores) for name, row in store.scan(scope, "")}
        return {name: row for name, row in found.items() if not name.startswith(f"{TIMER}|")}

    def _step(self) -> bool:
        decided = [self._decide(runner) for runner in self._shuffled(list(self.runners.values()))]
        opened = [self._open(index) for index in range(len(self._doors))]
        if any(decided) or any(opened):
            return True
        return sum(runner.fire(self.now) for runner in self.runners.values()) > 0

    def _decide(self, runner: Runner) -> bool:
        for tp in (parts := self._shuffled(runner.behind())):
            limit = self._random.randint(1, 5) if self._random else self.memory.end(tp)
            if self._random and self._random.random() < 0.1:
                runner.decide(tp, limit)  # a worker dies before its commit: nothing may have changed
            decided, count = runner.decide(tp, limit)
            runner.positions[tp] += count
            self._left -= count
            if self._left < 0:
                raise Restless(f"still busy with {tp.topic}")
            runner.commit(tp.partition, decided, self.now)
        return bool(parts)

    def _open(self, index: int) -> bool:
        topic, handle = self._doors[index]
        waiting = self.memory.order[topic][self._passed[index] :]
        self._passed[index] += len(waiting)
        for record in waiting:
            handle(_decoded(record))
        return bool(waiting)

    def _next_due(self) -> int | None:
        found = [due for runner in self.runners.values() if (due := runner.next_due()) is not None]
        return min(found, default=None)

    def _shuffled(self, items: list[Any]) -> list[Any]:
        if self._random:
            self._random.shuffle(items)
        return items


def _decoded(record: Record) -> Message:
    envelope = from_headers(record.headers)
    key = split_key((record.key or b"").decode())[1]
    return Message(envelope, key, wire.decode(record.value or b"")[1], record.timestamp, record.position)
