"""Schedules: the same for the same seed, complete, and all while orders come in."""

from __future__ import annotations

from collections import Counter

import pytest

from ops.chaos.schedule import FIRST, LAST, NEEDS_SHIM, SESSION_S, SET_S, SIZES, Kind, schedule
from ops.chaos.system import names
from ops.chaos.toxics import Harm

CAMPAIGN = SIZES["campaign"]
PRESSURE = {*NEEDS_SHIM, Kind.FILES, Kind.MEMORY}


def test_a_seed_means_one_schedule() -> None:
    assert schedule(CAMPAIGN, 7) == schedule(CAMPAIGN, 7)
    assert schedule(CAMPAIGN, 7) != schedule(CAMPAIGN, 8)


@pytest.mark.parametrize("name", SIZES)
def test_everything_that_was_asked_for_is_in_it_in_the_order_of_its_moments(name: str) -> None:
    size = SIZES[name]
    faults = schedule(size, 1)
    found = Counter[Kind]()
    for fault in faults:
        found[fault.kind] += fault.count
    wanted = {
        Kind.KILL: size.kills, Kind.STOP: size.stops, Kind.BROKER: size.brokers, Kind.REDIS: size.redis,
        Kind.FLUSH: size.flushes, Kind.SNAPSHOT: size.snapshots, Kind.ERP: size.erp, Kind.PROXY: size.network,
        Kind.POISON: size.poisons, Kind.DEADLY: size.deadly, Kind.CLOCK: size.clocks, Kind.DISK: size.disks,
        Kind.FILES: size.files, Kind.MEMORY: size.memory, Kind.STROBE: size.strobes, Kind.NAMES: size.names,
    }  # fmt: skip
    assert dict(found) == {kind: count for kind, count in wanted.items() if count}
    assert [fault.at for fault in faults] == sorted(fault.at for fault in faults)
    assert all(FIRST <= fault.at <= LAST for fault in faults)


def test_a_campaign_spares_no_process_and_no_way_to_trouble_a_connection() -> None:
    faults = schedule(CAMPAIGN, 3)
    every = {name for group in names().values() for name in group}
    assert {fault.target for fault in faults if fault.kind is Kind.KILL} == every
    assert {fault.toxic.harm for fault in faults if fault.toxic} == set(Harm)
    assert {fault.target for fault in faults if fault.kind is Kind.BROKER} == {
        "controller",
        "coordinator",
        "1",
        "2",
        "3",
    }


def test_a_process_is_stopped_for_longer_than_its_session_lasts() -> None:
    stops = [fault for fault in schedule(CAMPAIGN, 5) if fault.kind is Kind.STOP]
    assert stops
    assert all(fault.seconds > SESSION_S for fault in stops)
    assert all(fault.target.startswith("worker-") for fault in stops)


def test_every_fault_can_be_told_as_json() -> None:
    told = [fault.told() for fault in schedule(CAMPAIGN, 2)]
    assert all(one["kind"] in set(Kind) for one in told)
    assert [one["toxic"]["harm"] for one in told if one["toxic"]]


@pytest.mark.parametrize(("name", "each"), [("two", 2), ("ci", 2), ("kills", 20)])
def test_each_process_is_killed_as_often_as_the_next(name: str, each: int) -> None:
    killed = Counter(fault.target for fault in schedule(SIZES[name], 5) if fault.kind is Kind.KILL)
    assert killed == {process: each for group in names().values() for process in group}


def test_clocks_are_set_forward_and_back_and_everything_under_pressure_is_a_worker_for_a_while() -> None:
    faults = [fault for fault in schedule(CAMPAIGN, 4) if fault.kind in PRESSURE]
    assert {fault.kind for fault in faults} == PRESSURE
    for kind in (Kind.CLOCK, Kind.STROBE):
        assert {fault.amount for fault in faults if fault.kind is kind} == {SET_S, -SET_S}
    assert all(fault.target in names()["worker"] and 0 < fault.seconds < 20 for fault in faults)
    assert all(fault.amount > 0 for fault in faults if fault.kind is Kind.DISK)
