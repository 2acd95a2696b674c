"""The one who breaks things: at the moments of its schedule, only what runs, and one broker at a time."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from ops.chaos import nemesis as module
from ops.chaos.faulty_redis import FaultyRedis
from ops.chaos.nemesis import Nemesis
from ops.chaos.poisoner import Poisoner
from ops.chaos.recovery import Recovery
from ops.chaos.schedule import Fault, Kind
from ops.chaos.system import System
from ops.chaos.toxics import Harm, Toxic
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
    program: Program = field(default_factory=Program)

    def again(self) -> None:
        """The supervisor has started it again."""
        self.child = Process(self.child.pid + 1)


@dataclass
class Brokers:
    away: int = 0

    def missing(self) -> int:
        return self.away

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


def kill(at: float, target: str = "worker-orders") -> Fault:
    return Fault(at, Kind.KILL, target)


def test_nothing_is_done_before_its_moment() -> None:
    scene = Scene(kill(0.5))
    scene.progress = 0.4
    scene.made.turn()
    assert (scene.made.left, scene.down()) == (1, [])
    scene.progress = 0.5
    scene.made.turn()
    assert (scene.made.left, scene.down(), scene.made.counts) == (0, ["worker-orders"], {Kind.KILL: 1})


def test_what_is_down_is_killed_when_it_runs_again() -> None:
    scene = Scene(kill(0.1), kill(0.2))
    scene.made.turn()
    assert scene.made.left == 1
    scene.wharf.running["worker-orders"].again()
    scene.made.turn()
    assert (scene.made.left, scene.made.counts[Kind.KILL]) == (0, 2)


def test_a_killed_worker_is_felt_by_its_agent_until_another_process_is_ready() -> None:
    scene = Scene(kill(0.1, "worker-orders-2"))
    scene.made.turn()
    assert scene.wounds.told == [(f"{Kind.KILL}: worker", "worker-orders-2", ("orders",))]
    assert not scene.wounds.healed[0]()
    scene.wharf.running["worker-orders-2"].again()
    assert scene.wounds.healed[0]()


def test_a_gateway_has_no_group() -> None:
    scene = Scene(kill(0.1, "gateway"))
    scene.made.turn()
    assert scene.wounds.told == [(f"{Kind.KILL}: gateway", "gateway", ())]


def test_a_stopped_process_is_woken_and_one_that_died_meanwhile_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    signals: list[int] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: signals.append(number))
    scene = Scene(Fault(0.1, Kind.STOP, "worker-orders", seconds=0.0), Fault(0.1, Kind.STOP, "worker-orders-2"))
    scene.made.turn()
    scene.wharf.running["worker-orders-2"].child.kill()
    scene.made.turn()
    assert (signals, scene.made.left) == ([signal.SIGSTOP, signal.SIGSTOP, signal.SIGCONT], 0)


@pytest.mark.parametrize(
    ("target", "name"), [("2", "broker-2"), ("controller", "broker-3"), ("coordinator", "broker-2")]
)
def test_a_broker_is_killed_only_when_all_replicas_are_in_sync(
    target: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ASK_S", -1.0)
    scene = Scene(Fault(0.1, Kind.BROKER, target))
    scene.wharf.cluster.away = 1
    scene.made.turn()
    assert (scene.made.left, scene.down()) == (1, [])
    scene.wharf.cluster.away = 0
    scene.made.turn()
    assert (scene.made.left, scene.down()) == (0, [name])
    assert scene.wounds.told[0][2] == module.EVERYBODY


def test_a_snapshot_is_taken_and_comes_back_in_a_redis_that_is_down() -> None:
    scene = Scene(Fault(0.1, Kind.SNAPSHOT), Fault(0.2, Kind.FLUSH))
    scene.made.turn()
    assert (scene.store.told, scene.made.left) == (["photograph"], 2)
    scene.made.turn()
    assert (scene.store.told, scene.down()) == (["photograph", "restore"], ["redis"])
    scene.wharf.running["redis"].again()
    scene.made.turn()
    assert (scene.store.told[-1], scene.made.left) == ("flush", 0)


def test_a_redis_that_is_killed_may_lose_something() -> None:
    scene = Scene(Fault(0.1, Kind.REDIS))
    scene.made.turn()
    assert (scene.store.told, scene.down()) == (["losing"], ["redis"])
    assert scene.wounds.told == [(Kind.REDIS, "redis", ("project",))]


def test_the_network_the_erp_and_poison_are_told() -> None:
    toxic = Toxic(Harm.HOLD, 1, apis=(26,))
    scene = Scene(
        Fault(0.1, Kind.PROXY, toxic=toxic),
        Fault(0.1, Kind.ERP),
        Fault(0.1, Kind.POISON, count=10),
        Fault(0.1, Kind.DEADLY),
    )
    scene.made.turn()
    assert (scene.wharf.harms, scene.wharf.erp, scene.bottles.put_so_far) == (
        [toxic],
        [{"drop_after_commit": True}],
        [10],
    )
    scene.made.turn()
    assert (scene.wharf.erp[-1], scene.made.left) == ({}, 0)
    assert scene.made.counts[Kind.POISON] == 10
    assert (Kind.DEADLY, "orders behind 7 of orders.commands", ("orders",)) in scene.wounds.told
    assert {told["struck"] for told in (one.told() for one in scene.made.done)} >= {Harm.HOLD, "practice-erp"}
