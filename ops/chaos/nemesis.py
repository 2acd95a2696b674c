"""Carries a schedule of faults out over a running system, on a thread of its own."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ops.backoff import Backoff
from ops.chaos.faulty_redis import FaultyRedis
from ops.chaos.poisoner import Poisoner
from ops.chaos.pressure import pressed
from ops.chaos.recovery import Recovery
from ops.chaos.schedule import Fault, Kind
from ops.chaos.system import REDIS, System, names
from ops.chaos.toxics import Harm, Toxic
from ops.supervisor import Running
from streams.engine.records import TP

TURN_S = 0.05
ASK_S = 1.0  # between two questions whether the brokers are whole
EVERYBODY = (
    "normalize", "orders", "inventory", "bundles", "shipments", "post", "notify", "feeds", "project", "erp", "deliver"
)  # fmt: skip
BLINK = Toxic(Harm.CUT, 0.05)  # who has all that it needs asks for no descriptor and no name: now it has to
Undo = tuple[float, Callable[[], None]]


@dataclass
class Done:
    """A fault that was done."""

    fault: Fault
    at_s: float
    struck: str

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {**self.fault.told(), "at_s": round(self.at_s, 1), "struck": self.struck}


@dataclass
class Nemesis:
    """Does each fault at its moment, or as soon after it as what it strikes is there."""

    system: System
    schedule: Sequence[Fault]
    recovery: Recovery
    poisoner: Poisoner
    redis: FaultyRedis
    progress: Callable[[], float]
    done: list[Done] = field(default_factory=list)
    failed: BaseException | None = None
    _undo: list[Undo] = field(default_factory=list)
    _asked: float = 0.0
    _away: int | None = None  # the broker that was killed last, until it is seen to be back

    def __post_init__(self) -> None:
        self._due = list(self.schedule)
        self._stop = threading.Event()
        self._began = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="nemesis", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._began = time.monotonic()
        self._thread.start()

    def stop(self) -> None:
        """Do no more; what can be undone is undone."""
        self._stop.set()
        self._thread.join()
        for _, undo in self._undo:
            undo()

    @property
    def left(self) -> int:
        """Faults that are not done, and stopped processes that are not woken."""
        return len(self._due) + len(self._undo)

    @property
    def counts(self) -> Counter[str]:
        """How often each kind was done; poison by records."""
        found: Counter[str] = Counter()
        for one in self.done:
            found[one.fault.kind] += one.fault.count
        return found

    def _run(self) -> None:
        try:
            while not self._stop.wait(TURN_S):
                self.turn()
        except BaseException as exc:  # noqa: BLE001  told by the campaign
            self.failed = exc

    def turn(self) -> None:
        """Undo what is over, do what is due."""
        now = time.monotonic()
        for late in [undo for undo in self._undo if undo[0] <= now]:
            self._undo.remove(late)
            late[1]()
        progress = self.progress()
        for fault in [fault for fault in self._due if fault.at <= progress]:
            if struck := self._do(fault):
                self._due.remove(fault)
                self.done.append(Done(fault, time.monotonic() - self._began, struck))

    def _do(self, fault: Fault) -> str:
        """What was struck; "" where it cannot be done yet."""
        match fault.kind:
            case Kind.KILL:
                return self._kill(fault)
            case Kind.STOP:
                return self._freeze(fault)
            case Kind.BROKER:
                return self._kill_broker(fault)
            case Kind.PROXY:
                return self._harm(fault)
            case Kind.POISON:
                return self.poisoner.put(fault.count)
            case Kind.DEADLY:
                return self._deadly(fault)
            case Kind.ERP:
                return self._lose_answers(fault)
            case Kind.CLOCK | Kind.STROBE | Kind.NAMES | Kind.DISK | Kind.FILES | Kind.MEMORY:
                return self._press(fault)
            case _:
                return self._redis(fault)

    def _kill(self, fault: Fault) -> str:
        one = self.system.running[fault.target]
        if not one.child.running:
            return ""
        pid = one.child.pid
        kind = f"{fault.kind}: {_sort(fault.target)}"
        self.recovery.wounded(kind, fault.target, _groups(fault.target), lambda: _is_back(one, pid))
        one.backoff = Backoff()  # it did not fail, so nobody has to be patient with it
        one.child.kill()
        return fault.target

    def _freeze(self, fault: Fault) -> str:
        one = self.system.running[fault.target]
        if not one.child.running:
            return ""
        child = one.child
        os.kill(child.pid, signal.SIGSTOP)
        self.recovery.wounded(fault.kind, fault.target, _groups(fault.target))

        def wake() -> None:
            if child.running:
                os.kill(child.pid, signal.SIGCONT)

        self._undo.append((time.monotonic() + fault.seconds, wake))
        return fault.target

    def _press(self, fault: Fault) -> str:
        """A process has something wrong, or may have no more of it, for a while."""
        child = self.system.running[fault.target].child
        if not child.running:
            return ""
        undo = pressed(fault, child.pid, self.system.preloads)
        if fault.kind in (Kind.FILES, Kind.NAMES):
            self.system.proxied.harm(BLINK)
        self.recovery.wounded(fault.kind, fault.target, _groups(fault.target))
        self._undo.append((time.monotonic() + fault.seconds, undo))
        return fault.target

    def _kill_broker(self, fault: Fault) -> str:
        """One at a time, and only when all replicas are in sync: what is lost then is lost by us."""
        now = time.monotonic()
        if now < self._asked + ASK_S:
            return ""
        self._asked = now
        cluster = self.system.cluster
        if self._away is not None and not cluster.is_back(self._away):
            return ""  # the others may not have noticed yet, and call it alive and in sync
        self._away = None
        if cluster.missing():
            return ""
        place = {"controller": cluster.controller, "coordinator": self._coordinator}.get(
            fault.target, lambda: int(fault.target) - 1
        )()
        self.recovery.wounded(fault.kind, fault.target, EVERYBODY)
        self.system.running[f"broker-{place + 1}"].child.kill()
        self._away = place
        return f"broker-{place + 1} ({fault.target})"

    def _coordinator(self) -> int:
        return self.system.cluster.coordinator(f"{self.system.settings.environment}.inventory")

    def _harm(self, fault: Fault) -> str:
        if fault.toxic is None:
            return "nothing"
        self.recovery.wounded(f"{fault.kind}: {fault.toxic.harm}", str(fault.toxic.apis or ""), EVERYBODY)
        self.system.proxied.harm(fault.toxic)
        return fault.toxic.harm

    def _deadly(self, fault: Fault) -> str:
        agent, position = self.poisoner.put_deadly()
        if position is None:
            return ""
        self.recovery.waits(fault.kind, agent, agent, TP(*position[:2]), position[2])
        return position[0]

    def _lose_answers(self, fault: Fault) -> str:
        """The ERP does what it is asked, and nobody hears of it."""
        self.recovery.wounded(fault.kind, "", ("post",))
        self.system.erp_misbehaves(drop_after_commit=True)
        self._undo.append((time.monotonic() + fault.seconds, self.system.erp_misbehaves))
        return "practice-erp"

    def _redis(self, fault: Fault) -> str:
        one = self.system.running[REDIS]
        if self.redis.busy or not one.child.running or not self.redis.answers():
            return ""
        if fault.kind is Kind.SNAPSHOT:
            self.redis.photograph()
            self._undo.append((time.monotonic() + self.redis.AGE_S, lambda: self._restored(one)))
            return REDIS
        self.recovery.wounded(fault.kind, REDIS, ("project",), self.redis.answers)
        if fault.kind is Kind.FLUSH:
            self.redis.flush()
        else:
            with self.redis.losing():  # its file is written a second later where the disk is busy
                one.child.kill()
        return REDIS

    def _restored(self, one: Running) -> None:
        self.recovery.wounded(Kind.SNAPSHOT, REDIS, ("project",), self.redis.answers)
        one.child.kill()
        self.redis.restore()


def _is_back(one: Running, pid: int) -> bool:
    return one.child.running and one.child.pid != pid and one.program.ready()


def _sort(process: str) -> str:
    """What a process is: worker, gateway or door."""
    return next(sort for sort, known in names().items() if process in known)


def _groups(process: str) -> tuple[str, ...]:
    name = process.removeprefix("worker-").removesuffix("-2")
    return () if name == "gateway" else (name,)
