"""The topology driver: the whole product, or a part of it, in one process without a broker.

Deterministic: the same sends give the same log, id for id the one that the engine writes on Kafka. Time stands still
between calls and moves by advance(). Everything goes through the codec, as it does on Kafka. With a seed it is a
simulator: workers and doors die and come back, transactions are aborted or seen in parts, time goes on over work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from schemas import wire
from schemas.envelope import Envelope, derived_id, to_headers
from schemas.loader import by_type
from schemas.settings import Settings
from schemas.topics import key_of
from streams.engine.agent import Agent
from streams.engine.effects import Message
from streams.engine.fold import FoldBroken, checked
from streams.engine.hatch import Door, Hatch, decoded
from streams.engine.memory_log import MemoryLog
from streams.engine.records import Out, Record
from streams.engine.runner import Runner, Work
from streams.engine.schedule import Faults, Schedule
from tables.store_layer import is_engines
from tables.write import Sink

START = 1_772_438_400_000  # 2026-03-02T08:00:00Z
MOST = 200_000  # records that one topology decides before it is taken for a loop


class Restless(RuntimeError):
    """Agents or doors keep each other busy without end."""


class Topology:
    """Agents over one log in memory.

    seed    None = agents in turn, whole partitions at a time; a number = batches, order and faults drawn from it
    faults  how often they happen, where a seed is given
    sinks   read models by agent, instead of those that the agents declare
    most    records decided in all before Restless is raised
    every   of so many facts one is checked to survive the wire
    """

    def __init__(
        self,
        agents: Iterable[Agent],
        *,
        partitions: int = 1,
        now: int = START,
        seed: int | None = None,
        faults: Faults = Faults(),  # noqa: B008  frozen
        sinks: Mapping[str, Sink] | None = None,
        settings: Settings | None = None,
        most: int = MOST,
        every: int = 1,
    ) -> None:
        self.now, self.memory = now, MemoryLog(partitions)
        self.schedule = Schedule(seed, faults)
        self._broken: list[FoldBroken] = []
        self._hatches: list[Hatch] = []
        self._sent, self._left = 0, most
        self.runners: dict[str, Runner] = {}
        for agent in agents:
            sink = (sinks or {}).get(agent.name) or (agent.sink(settings) if agent.sink and settings else None)
            table = checked(agent.table, self._broken, every) if agent.table else None
            self.runners[agent.name] = Runner(replace(agent, table=table), self.memory, sink, self.schedule)

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

    def door(self, topic: str, handle: Door, restart: Callable[[], None] = lambda: None) -> None:
        """Let `handle` carry out each record of a topic; it answers by send(). `restart` hears that its process died."""
        self._hatches.append(Hatch(topic, handle, restart, self.memory, self.schedule))

    def run(self) -> None:
        """Until nothing is left to decide at this moment; raises FoldBroken where a fact does not survive the wire."""
        while self.step():
            pass

    def step(self) -> bool:
        """One turn of every agent and door; says whether there was anything to do. Raises FoldBroken."""
        busy = [self._decide(runner) for runner in self.schedule.shuffled(list(self.runners.values()))]
        busy += [hatch.turn() for hatch in self.schedule.shuffled(list(self._hatches))]
        busy.append(self.memory.pass_turn())
        if any(busy):
            self._pass_time()
        if self._broken:
            raise self._broken[0]
        return any(busy) or self._fire()

    def advance(self, ms: int) -> None:
        """Let time pass: timers fire in the order of their due times, and what they lead to is decided in between.

        Where faults are drawn, time may go on although there is work; when this returns, nothing is left to do.
        """
        until = self.now + ms
        while True:
            busy = self.step()
            due = self._next_due()
            if not busy and due is not None and due <= until:
                self.now = max(self.now, due)
            elif not busy:
                break
        self.now = max(self.now, until)

    def log(self, topic: str) -> list[Message]:
        """What stands on a topic, decoded, in the order of arrival."""
        return [decoded(record) for record in self.memory.order[topic]]

    def dead(self, topic: str) -> list[Record]:
        """The dead letters of a topic, as raw records."""
        return list(self.memory.order[f"{topic}.dead"])

    def rows(self, agent: str, tenant: str, key: str) -> dict[str, Any]:
        """The rows that an agent keeps under a key, without the engine's own."""
        scope = key_of(tenant, key)
        stores = self.runners[agent].stores.values()
        found = {name: row for store in list(stores) for name, row in store.scan(scope, "")}
        return {name: row for name, row in found.items() if not is_engines(name)}

    def _pass_time(self) -> None:
        """Work takes time; now and then so much that the next timer comes before it is done."""
        self.now += self.schedule.passing_ms()
        due = self._next_due() if self.schedule.drawn else None
        if due is not None and self.schedule.hurries(due - self.now):
            self.now = max(self.now, due)

    def _decide(self, runner: Runner) -> bool:
        waiting = self.schedule.shuffled(runner.behind())
        if waiting and (runner.idle or self.schedule.happens("idle")):
            runner.idle = runner.idle - 1 if runner.idle else self.schedule.pause()
            return True
        for tp in waiting:
            work = runner.decide(tp, self.schedule.batch(self.memory.end(tp)))
            if self.schedule.drawn:
                runner.fire(tp.partition, work.decided, self.now)
            if not self._commit(runner, work):
                break
        return bool(waiting)

    def _fire(self) -> bool:
        """Timers that are due, where nothing else is to be done."""
        fired = False
        for runner in self.runners.values():
            for work in runner.due(self.now):
                fired = True
                if not self._commit(runner, work):
                    break
        return fired

    def _commit(self, runner: Runner, work: Work) -> bool:
        self._left -= work.records
        if self._left < 0:
            raise Restless(f"still busy with {work.tp.topic}")
        return runner.commit(work, self.now)

    def _next_due(self) -> int | None:
        found = [due for runner in self.runners.values() if (due := runner.next_due()) is not None]
        return min(found, default=None)
