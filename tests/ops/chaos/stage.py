"""A wharf that only notes what is done to it, for tests of the one who breaks things."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, cast

from ops.backoff import Backoff
from ops.chaos.faulty_redis import FaultyRedis
from ops.chaos.nemesis import Nemesis
from ops.chaos.poisoner import Poisoner
from ops.chaos.recovery import Recovery
from ops.chaos.schedule import Fault
from ops.chaos.system import System
from ops.chaos.toxics import Toxic
from streams.engine.records import TP


@dataclass
class Process:
    pid: int = 1
    running: bool = True

    def kill(self) -> None:
        self.running = False


@dataclass
class Program:
    ready: Callable[[], bool] = lambda: True


@dataclass
class Running:
    child: Process = field(default_factory=Process)
    backoff: Backoff = field(default_factory=lambda: Backoff(5))
    program: Program = field(default_factory=Program)

    def again(self) -> None:
        """The supervisor has started it again."""
        self.child = Process(self.child.pid + 1)


@dataclass
class Brokers:
    away: int = 0

    gone: set[int] = field(default_factory=set)  # brokers that do not answer yet

    def missing(self) -> int:
        return self.away

    def is_back(self, place: int) -> bool:
        return place not in self.gone

    def controller(self) -> int:
        return 2

    def coordinator(self, group: str) -> int:
        return 1


@dataclass
class Wharf:
    """A system that only notes."""

    running: dict[str, Running]
    cluster: Brokers = field(default_factory=Brokers)
    harms: list[Toxic] = field(default_factory=list)
    erp: list[dict[str, object]] = field(default_factory=list)
    preloads: dict[str, Any] = field(default_factory=dict)

    @property
    def proxied(self) -> Wharf:
        return self

    @property
    def settings(self) -> Any:
        return type("Told", (), {"environment": "test"})

    def harm(self, toxic: Toxic) -> None:
        self.harms.append(toxic)

    def erp_misbehaves(self, **faults: object) -> None:
        self.erp.append(faults)


@dataclass
class Wounds:
    told: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    healed: list[Callable[[], bool]] = field(default_factory=list)

    def wounded(self, kind: str, what: str, groups: Iterable[str], also: Callable[[], bool] = lambda: True) -> None:
        self.told.append((kind, what, tuple(groups)))
        self.healed.append(also)

    def waits(self, kind: str, what: str, group: str, tp: TP, offset: int) -> None:
        self.told.append((kind, f"{what} behind {offset} of {tp.topic}", (group,)))


@dataclass
class Bottles:
    put_so_far: list[int] = field(default_factory=list)

    def put(self, count: int) -> str:
        self.put_so_far.append(count)
        return "orders.commands"

    def put_deadly(self) -> tuple[str, tuple[str, int, int]]:
        return "orders", ("orders.commands", 1, 7)


@dataclass
class Store:
    AGE_S = 0.0
    busy: bool = False
    told: list[str] = field(default_factory=list)

    def answers(self) -> bool:
        return True

    def photograph(self) -> None:
        self.busy = True
        self.told.append("photograph")

    def restore(self) -> None:
        self.busy = False
        self.told.append("restore")

    def flush(self) -> None:
        self.told.append("flush")

    def losing(self) -> nullcontext[None]:
        self.told.append("losing")
        return nullcontext()


class Scene:
    def __init__(self, *faults: Fault) -> None:
        names = ("worker-orders", "worker-orders-2", "gateway", "redis", "broker-1", "broker-2", "broker-3")
        self.progress = 1.0
        self.wharf, self.wounds, self.store = Wharf({name: Running() for name in names}), Wounds(), Store()
        self.bottles = Bottles()
        self.made = Nemesis(
            cast(System, self.wharf), faults, cast(Recovery, self.wounds), cast(Poisoner, self.bottles),
            cast(FaultyRedis, self.store), lambda: self.progress,
        )  # fmt: skip

    def down(self) -> list[str]:
        return [name for name, one in self.wharf.running.items() if not one.child.running]
