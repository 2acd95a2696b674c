"""What an engine says of itself: made progress or had nothing to do, and for how long it has waited for what."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from streams.engine.progress import Told
from streams.engine.records import TP


class Stage(StrEnum):
    """Where an engine is in its life."""

    STARTING = "starting"
    RUNNING = "running"
    RECOVERING = "recovering"
    STOPPED = "stopped"
    FAILED = "failed"


Age = tuple[str, float, float]  # what, since when (monotonic), and how long it may take


@dataclass(frozen=True, slots=True)
class Limits:
    """How long something may take before it counts as trouble, seconds."""

    turn: float = 60.0  # one poll and what follows from it
    transaction: float = 30.0
    progress: float = 120.0  # of a partition that has records waiting
    standstill: float = 5.0  # of such a partition, before it is told
    takeover: float = 120.0
    starting: float = 60.0


@dataclass(frozen=True, slots=True)
class Standstill:
    """A partition with records to decide and without progress."""

    agent: str
    topic: str
    partition: int
    since: str  # RFC 3339
    seconds: int


@dataclass(slots=True)
class Health:
    """Written by the engine's thread, read by any; every field is replaced whole."""

    agent: str
    limits: Limits = field(default_factory=Limits)
    stage: Stage = Stage.STARTING
    since: float = field(default_factory=time.monotonic)
    beat: float = field(default_factory=time.monotonic)  # when the last turn ended
    transaction: float | None = None  # when the open one began
    takeover: float | None = None  # when the one under way began
    owned: frozenset[TP] = frozenset()
    waiting: dict[TP, float] = field(default_factory=dict)  # partitions with records to decide → last progress
    deciding: tuple[TP, float] | None = None  # the partition that is being decided, and since when
    restoring: Told | None = None
    failure: str = ""

    def enter(self, stage: Stage, failure: str = "") -> None:
        """Another stage of life begins; one that is entered again goes on."""
        if stage is not self.stage:
            self.since = time.monotonic()
        self.stage, self.failure = stage, failure or self.failure

    def problems(self, now: float | None = None) -> list[str]:
        """What is wrong and for how long, in words; empty = healthy."""
        return self._overdue([*self._stuck(), *self._waits()], now)

    def stuck(self, now: float | None = None) -> list[str]:
        """Those of the problems that a new process would not have: it waits for nobody else."""
        return self._overdue(self._stuck(), now)

    def ready(self) -> bool:
        """Whether it decides, or could: for /readyz."""
        return self.stage is Stage.RUNNING and self.takeover is None and not self.problems()

    def standing_still(self, now: float | None = None) -> list[Standstill]:
        """Partitions that have waited longer than a batch may take, long before that is unhealthy."""
        at, wall = time.monotonic() if now is None else now, datetime.now(UTC)
        return [
            Standstill(
                self.agent, *tp, (wall - timedelta(seconds=at - since)).isoformat(timespec="seconds"), int(at - since)
            )
            for tp, since in sorted({**self.waiting, **dict([self.deciding] if self.deciding else [])}.items())
            if at - since > self.limits.standstill
        ]

    def _overdue(self, ages: list[Age], now: float | None) -> list[str]:
        at = time.monotonic() if now is None else now
        return [f"{self.agent}: {what} for {at - since:.0f} s" for what, since, limit in ages if at - since > limit]

    def _stuck(self) -> list[Age]:
        limits = self.limits
        found = [("no turn of the engine", self.beat, limits.turn)] if self.stage is Stage.RUNNING else []
        if (began := self.transaction) is not None:
            found.append(("a transaction open", began, limits.transaction))
        if (deciding := self.deciding) is not None:
            found.append((f"deciding {deciding[0].topic}/{deciding[0].partition}", deciding[1], limits.turn))
        found += [(f"no progress in {tp.topic}/{tp.partition}", at, limits.progress) for tp, at in self.waiting.items()]
        return found

    def _waits(self) -> list[Age]:
        """For the broker, for others' transactions, or for whoever has to see to a failure."""
        found = []
        if self.stage in (Stage.STARTING, Stage.RECOVERING):
            found.append((f"{self.stage} ({self.failure or 'no failure'})", self.since, self.limits.starting))
        if self.stage is Stage.FAILED:
            found.append((f"failed: {self.failure}", self.since, -1.0))
        if (began := self.takeover) is not None:
            found.append(("partitions being taken over", began, self.limits.takeover))
        return found


HEALTH: dict[str, Health] = {}  # of this process, by agent
_LOCK = threading.Lock()


def register(health: Health) -> Health:
    """Make an engine's health known to this process's watchdog and pages."""
    with _LOCK:
        HEALTH[health.agent] = health
    return health


def problems() -> list[str]:
    """Everything that is wrong in this process."""
    with _LOCK:
        found = list(HEALTH.values())
    return [problem for health in found for problem in health.problems()]


def stuck() -> list[str]:
    """What is wrong in this process and would not be in a new one."""
    with _LOCK:
        found = list(HEALTH.values())
    return [problem for health in found for problem in health.stuck()]


def ready() -> bool:
    """Whether every engine of this process decides."""
    with _LOCK:
        found = list(HEALTH.values())
    return all(health.ready() for health in found)
