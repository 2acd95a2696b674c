"""The one who breaks things: at the moments of its schedule, only what runs, and one broker at a time."""

from __future__ import annotations

import os
import signal

import pytest

from ops.chaos import nemesis as module
from ops.chaos.schedule import Fault, Kind
from ops.chaos.toxics import Harm, Toxic
from tests.ops.chaos.stage import Scene


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


def test_who_was_killed_is_started_again_as_if_it_had_never_failed() -> None:
    scene = Scene(kill(0.1))
    scene.made.turn()
    assert scene.wharf.running["worker-orders"].backoff.failures == 0
    assert scene.wharf.running["gateway"].backoff.failures == 5


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


def test_no_broker_is_killed_while_the_others_still_call_a_dead_one_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ASK_S", -1.0)
    scene = Scene(Fault(0.1, Kind.BROKER, "2"), Fault(0.2, Kind.BROKER, "3"))
    scene.wharf.cluster.gone.add(1)
    scene.made.turn()
    scene.made.turn()
    assert (scene.made.left, scene.down()) == (1, ["broker-2"])
    scene.wharf.running["broker-2"].again()
    scene.wharf.cluster.gone.clear()
    scene.made.turn()
    assert (scene.made.left, scene.down()) == (0, ["broker-3"])


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


def test_a_process_is_under_pressure_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(
        module, "pressed", lambda fault, pid, preloads: told.append(pid) or (lambda: told.append("over"))
    )
    scene = Scene(Fault(0.1, Kind.MEMORY, "worker-orders", seconds=0.0), Fault(0.2, Kind.CLOCK, "worker-orders-2"))
    scene.wharf.running["worker-orders-2"].child.kill()
    scene.made.turn()
    assert (told, scene.made.left) == ([1], 2)
    assert scene.wounds.told == [(Kind.MEMORY, "worker-orders", ("orders",))]
    scene.made.turn()
    assert (told, scene.made.left) == ([1, "over"], 1)


def test_one_that_may_open_no_connection_is_made_to_need_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "pressed", lambda fault, pid, preloads: lambda: None)
    scene = Scene(Fault(0.1, Kind.FILES, "worker-orders"))
    scene.made.turn()
    assert scene.wharf.harms == [module.BLINK]
