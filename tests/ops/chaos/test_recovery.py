"""A fault is felt until every partition that was busy goes on behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from ops.chaos.recovery import Groups, Offsets, Pulse, Recovery, percentiles
from streams.engine.records import TP

A0, A1, B0 = TP("a", 0), TP("a", 1), TP("b", 0)
READS = {"ones": ("a",), "twos": ("b",)}


class Clock:
    now = 10.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Told:
    """Groups whose offsets a test sets."""

    offsets: dict[str, Offsets] = field(default_factory=dict)

    def committed(self, group: str) -> Mapping[TP, int]:
        return self.offsets.get(group, {})


class Scene:
    """A log that grows and groups that follow."""

    def __init__(self) -> None:
        self.ends: Offsets = {A0: 0, A1: 0, B0: 0}
        self.clock, self.groups = Clock(), Told()
        self.pulse = Pulse(lambda: dict(self.ends), self.clock)
        self.recovery = Recovery(cast(Groups, self.groups), READS, self.pulse, self.clock)
        self.pulse.beat()

    def grow(self, *tps: TP) -> None:
        for tp in tps:
            self.ends[tp] += 1
        self.clock.now += 1
        self.pulse.beat()

    def follow(self, group: str) -> None:
        self.groups.offsets[group] = {tp: end for tp, end in self.ends.items() if tp.topic in READS[group]}
        self.recovery.look()


def test_only_partitions_that_got_a_record_lately_are_busy() -> None:
    scene = Scene()
    scene.grow(A0, B0)
    assert scene.pulse.busy(("a",)) == {A0: 1}
    scene.clock.now += 60
    scene.pulse.beat()
    scene.pulse.beat()
    assert scene.pulse.busy(("a",)) == {}


def test_a_group_has_recovered_when_each_busy_partition_goes_on_behind_the_fault() -> None:
    scene = Scene()
    scene.grow(A0, A1)
    scene.recovery.wounded("kill", "worker", ("ones",))
    scene.follow("ones")
    assert scene.recovery.taken == []
    scene.grow(A0)
    scene.follow("ones")
    assert scene.recovery.taken == []
    scene.grow(A1)
    scene.follow("ones")
    assert scene.recovery.taken == [("kill", "worker", 2.0)]
    assert scene.recovery.open == []


def test_another_groups_progress_heals_nothing() -> None:
    scene = Scene()
    scene.grow(A0, B0)
    scene.recovery.wounded("kill", "worker", ("ones",))
    scene.grow(B0)
    scene.follow("twos")
    assert len(scene.recovery.open) == 1


def test_a_fault_without_a_busy_partition_lasts_until_what_else_has_to_hold_does() -> None:
    scene, ready = Scene(), [False]
    scene.recovery.wounded("kill", "gateway", (), lambda: ready[0])
    scene.recovery.look()
    assert scene.recovery.taken == []
    ready[0] = True
    scene.clock.now += 3
    scene.recovery.look()
    assert scene.recovery.taken == [("kill", "gateway", 3.0)]


def test_a_group_that_one_fault_struck_alone_is_that_faults() -> None:
    scene = Scene()
    scene.grow(A0, B0)
    scene.recovery.wounded("broker", "1", ("ones", "twos"))
    scene.recovery.wounded("kill", "worker", ("ones",))
    scene.recovery.wounded("network", "cut", ("ones", "twos"))
    assert [sorted(wound.due) for wound in scene.recovery.open] == [["twos"], ["ones"], ["twos"]]


def test_a_record_is_felt_until_the_group_is_behind_it() -> None:
    scene = Scene()
    scene.recovery.waits("deadly", "ones", "ones", A0, 3)
    scene.groups.offsets["ones"] = {A0: 3}
    scene.recovery.look()
    assert len(scene.recovery.open) == 1
    scene.groups.offsets["ones"] = {A0: 4}
    scene.recovery.look()
    assert [kind for kind, _, _ in scene.recovery.taken] == ["deadly"]


def test_percentiles_are_of_the_nearest_rank() -> None:
    assert percentiles([float(number) for number in range(1, 101)]) == [51.0, 100.0]
    assert percentiles([]) == [0.0, 0.0]
