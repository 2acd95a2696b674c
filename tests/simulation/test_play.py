"""The simulator itself: the same seed is the same play, every fault does happen, and all of the business is met."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from functools import cache
from pathlib import Path

from ops.simulate.campaign import verdict
from ops.simulate.play import Play
from ops.simulate.trace import traced
from ops.simulate.world import drawn
from streams.engine.schedule import ROUGH, Faults

ROOT = Path(__file__).parents[2]
SEEDS = range(24)


@cache
def played(seed: int) -> Play:
    play = Play(seed)
    assert verdict(play, replay=False) == []
    return play


def test_the_same_seed_is_the_same_play_byte_for_byte() -> None:
    one, again = Play(7), Play(7)
    verdict(one, replay=False)
    verdict(again, replay=False)
    assert list(traced(one)) == list(traced(again))
    assert len(one.topology.memory.written) > 300


def test_another_seed_is_another_world() -> None:
    assert len({str(drawn(seed)) for seed in SEEDS}) == len(SEEDS)


def test_every_fault_does_happen() -> None:
    done = sum((played(seed).topology.schedule.done for seed in SEEDS), Counter[str]())
    assert set(done) == set(asdict(ROUGH))
    assert min(done.values()) >= 3
    assert sum(played(seed).erp.frozen for seed in SEEDS) >= 2


def test_all_that_can_become_of_an_order_is_met() -> None:
    logs = (play.log("orders.events") for play in map(played, SEEDS))
    told = Counter(message.record["new"] for log in logs for message in log if message.type == "order.status.changed")
    assert set(told) >= {
        "accepted", "backordered", "partially_backordered", "released", "shipped", "partially_shipped", "delivered", "completed",
        "cancelled", "rejected",
    }  # fmt: skip


def test_early_facts_are_parked_changes_are_taken_and_waiters_are_woken() -> None:
    types = Counter(
        message.type for play in map(played, SEEDS) for topic in ("orders.events", "shipments.events", "inventory.events")
        for message in play.log(topic)
    )  # fmt: skip
    for kind in (
        "shipment.parked",
        "order.changed",
        "order.cancelled",
        "order.parked",
        "inventory.demand.woken",
        "exception.raised",
    ):
        assert types[kind] >= 1, kind


def test_without_faults_nothing_fails_either() -> None:
    for seed in range(5):
        play = Play(seed, Faults(lost=0.0))
        assert verdict(play, replay=True) == []
        assert not play.topology.schedule.done


def test_a_seed_can_be_played_again_from_the_command_line_with_its_trace() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ops.simulate", "--seed", "3"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "orders.events" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("seed 3: 0 violations; faults: ")


def test_a_campaign_counts_its_seeds_its_faults_and_its_statuses() -> None:
    command = [sys.executable, "-m", "ops.simulate", "--seeds", "3", "--first", "10"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    first, faults, statuses = done.stdout.splitlines()
    assert (first.startswith("3 seeds in"), first.endswith("0 of them with violations")) == (True, True)
    assert faults.startswith("faults: ")
    assert "accepted" in statuses
