"""Taking partitions over: in an order that holds while other transactions are still open (reference: engine, 6.5).

Stable offsets first: whatever is open from then on cannot commit any more, as its offsets would be refused. Then the
changelog's high watermark, read uncommitted, which lies above all that was committed; then up to it; then on from those
offsets and no others. It runs in slices between polls, so that partitions which were taken over before go on.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from dataclasses import asdict
from pathlib import Path

import structlog

from schemas.settings import Settings
from streams.engine import metrics
from streams.engine.agent import Agent
from streams.engine.failpoints import reach
from streams.engine.health import Health
from streams.engine.progress import Progress
from streams.engine.records import TP
from streams.engine.source import Doubt, Source
from streams.engine.tail import Tail, Watermarks
from streams.engine.timers import Alarms
from tables.store import Belongs, Store, fingerprint
from tables.store_layer import CULPRIT, TIMER, is_engines_key, split_state_key
from tables.table import Table

log = structlog.get_logger("wharf.engine")
SLICE_S = 0.5  # what a takeover may keep the other partitions waiting for


class OffsetsLost(RuntimeError):
    """There is state but no committed offset: they expired, were deleted, or this is the wrong group. Nothing is guessed."""


class ChangelogReplaced(RuntimeError):
    """The changelog was deleted and made again: the state is not in it, and what is in it is not the state."""


class Takeover:
    """Brings newly assigned partitions to where they can be decided."""

    def __init__(
        self, agent: Agent, settings: Settings, folder: Path, source: Source, marks: Watermarks, health: Health
    ) -> None:
        self._agent, self._settings, self._folder = agent, settings, folder
        self._source, self._marks, self._health = source, marks, health
        self._steps: Generator[None] | None = None
        self.stores: dict[int, Store] = {}
        self.alarms: dict[int, Alarms] = {}
        self.held: dict[int, set[str]] = {}  # keys whose records wait behind a dead one
        self.since: float | None = None  # health: when the takeover under way began (monotonic)

    @property
    def running(self) -> bool:
        """Whether some partitions are still on the way."""
        return self._steps is not None

    def begin(self) -> None:
        """(Re)start it for every owned partition that is not taken over yet."""
        self.stop()
        todo = self._source.owned - self._source.position.keys()
        if todo:
            self._steps, self.since = self._run(todo), time.monotonic()

    def step(self) -> None:
        """Go on for about a slice of time."""
        if self._steps is not None and next(self._steps, self) is self:
            self._steps, self.since = None, None

    def stop(self) -> None:
        """Break off what is under way."""
        if self._steps is not None:
            self._steps.close()
        self._steps, self.since = None, None
        self._health.restoring = None

    def drop(self, partitions: set[int]) -> None:
        """Close the stores of partitions that are no longer ours."""
        for partition in partitions & self.stores.keys():
            self.stores.pop(partition).close()
            self.alarms.pop(partition, None)
            self.held.pop(partition, None)

    def write(self, partition: int, rows: Mapping[bytes, bytes | None], offset: int) -> None:
        """What was committed, with the changelog offset behind it; what is kept in memory of rows follows them.

        raises Doubt where that offset is none that can follow: the changelog is another one than a moment ago
        """
        store, alarms = self.stores[partition], self.alarms[partition]
        if offset <= store.offset:
            raise Doubt(f"the changelog of partition {partition} went back from {store.offset} to {offset}")
        reach("store.before-write")
        store.write(rows, offset)
        reach("store.after-write")
        for key in filter(is_engines_key, rows):
            scope, name = split_state_key(key)
            if name.startswith(f"{TIMER}|"):
                alarms.note(scope, name, store.get(scope, name))
            elif name.startswith(f"{CULPRIT}|"):
                (self.held[partition].discard if rows[key] is None else self.held[partition].add)(scope)

    def _run(self, tps: set[TP]) -> Generator[None]:
        began = time.monotonic()
        while (offsets := self._source.stable_offsets(tps, SLICE_S)) is None:
            yield
        reach("takeover.after-offsets")
        if self._agent.table:
            partitions = {tp.partition for tp in tps}
            try:
                self._refuse_another_changelog(self._agent.table, tps)
                yield from self._restore(self._agent.table, partitions)
                reach("takeover.restored")
                self._refuse_lost_offsets(offsets)
                self._remember(partitions)
            except BaseException:
                self.drop(partitions)
                raise
        lows = self._marks.lows(tp for tp, at in offsets.items() if at < 0)
        reach("takeover.before-start")
        self._source.start_at({**offsets, **lows})
        reach("takeover.after-start")
        self._source.decided |= {tp: at for tp, at in offsets.items() if at >= 0}
        self._tell(tps, time.monotonic() - began)

    def _restore(self, table: Table, partitions: set[int]) -> Generator[None]:
        changelogs = {TP(table.changelog, partition) for partition in partitions}
        lows, ends = self._marks.lows(changelogs), self._marks.highs(changelogs)
        reach("takeover.after-ends")
        self._open(table, lows, ends)
        reach("takeover.stores-open")
        behind = {tp: self.stores[tp.partition].offset for tp in changelogs}
        behind = {tp: at for tp, at in behind.items() if at < ends[tp]}
        if not behind:
            return
        tail, progress = Tail(self._settings, behind), Progress(behind, ends)
        try:
            wanted = {tp: ends[tp] for tp in behind}
            while tail.behind(wanted):
                self._absorb(tail)
                self._report(progress, tail)
                reach("takeover.restoring")
                yield
        finally:
            tail.close()
            self._health.restoring = None

    def _open(self, table: Table, lows: dict[TP, int], ends: dict[TP, int]) -> None:
        schema = fingerprint(table)
        for tp in sorted(ends):
            self.drop({tp.partition})
            belongs = Belongs(schema, self._source.changelog, lows[tp], ends[tp])
            store = self.stores[tp.partition] = Store.open(self._folder / "stores" / str(tp.partition), belongs)
            if store.rejected:
                metrics.REJECTED.labels(self._agent.name, store.rejected).inc()
                log.warning(
                    "engine.store-thrown-away", agent=self._agent.name, partition=tp.partition, why=store.rejected
                )

    def _absorb(self, tail: Tail) -> None:
        """Write what comes within a slice; one WriteBatch per partition and read."""
        until = time.monotonic() + SLICE_S
        while time.monotonic() < until:
            found = tail.rows(0.05)
            for tp, rows in found.items():
                self.stores[tp.partition].write(rows, tail.reached[tp])
                metrics.RESTORED.labels(self._agent.name, str(tp.partition)).inc(len(rows))
            if not found:
                return

    def _report(self, progress: Progress, tail: Tail) -> None:
        """How far the restore is: for /readyz at every slice, for the log now and then."""
        told = self._health.restoring = progress.look(tail.reached)
        if progress.is_time():
            log.info("engine.restoring", agent=self._agent.name, **asdict(told))

    def _remember(self, partitions: set[int]) -> None:
        """What is kept in memory of rows: when timers are due, and which keys wait."""
        for partition in partitions:
            self.alarms[partition] = alarms = Alarms()
            for scope, name, row in self.stores[partition].timers():
                alarms.note(scope, name, row)
            self.held[partition] = {scope for scope, _, _ in self.stores[partition].culprits()}

    def _tell(self, tps: set[TP], seconds: float) -> None:
        metrics.RESTORE_S.labels(self._agent.name).observe(seconds)
        for tp in tps:
            metrics.TAKEOVERS.labels(self._agent.name, str(tp.partition)).inc()
        names = [f"{tp.topic}/{tp.partition}" for tp in sorted(tps)]
        log.info("engine.taken-over", agent=self._agent.name, partitions=names, seconds=round(seconds, 2))

    def _refuse_another_changelog(self, table: Table, tps: set[TP]) -> None:
        """What is committed says which changelog holds the state up to there."""
        self._source.changelog = present = self._marks.incarnation(table.changelog)
        others = [tp.partition for tp in sorted(tps) if self._source.said.get(tp, present) not in ("", present)]
        if others:
            raise ChangelogReplaced(
                f"{table.changelog} was deleted and made again: the state of partitions {others} is gone from it. Bring it"
                f" back from a copy, or have all decided again: delete the topic and the offsets of group {self._agent.name}"
            )

    def _refuse_lost_offsets(self, offsets: dict[TP, int]) -> None:
        for tp, at in offsets.items():
            if at < 0 and not self.stores[tp.partition].is_empty() and not self._settings.embedded:
                raise OffsetsLost(f"{self._agent.name} has state in partition {tp.partition} but no committed offset")
