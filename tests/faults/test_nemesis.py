"""The one who kills: at the moments of its schedule, only what runs, and until each has made progress again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from ops.chaos.schedule import Kill
from ops.supervisor import Running
from tests.faults.nemesis import Groups, Nemesis, percentiles


@dataclass
class FakeChild:
    pid: int = 1
    running: bool = True

    def kill(self) -> None:
        self.running = False


@dataclass
class FakeProgram:
    ready: Callable[[], bool] = lambda: True


@dataclass
class FakeRunning:
    child: FakeChild = field(default_factory=FakeChild)
    program: FakeProgram = field(default_factory=FakeProgram)

    def again(self) -> None:
        """The supervisor has started it again."""
        self.child = FakeChild(self.child.pid + 1)


@dataclass
class FakeGroups:
    moved: int = 0

    def progress(self, group: str) -> int:
        return self.moved


def nemesis(*schedule: Kill, groups: FakeGroups | None = None) -> tuple[Nemesis, dict[str, FakeRunning]]:
    running = {kill.process: FakeRunning() for kill in schedule}
    made = Nemesis(schedule, cast(dict[str, Running], running), cast(Groups, groups or FakeGroups()))
    return made, running


def test_nothing_is_killed_before_its_moment() -> None:
    made, running = nemesis(Kill(0.5, "worker-a"))
    made.turn(0.4)
    assert (made.left, running["worker-a"].child.running) == (1, True)
    made.turn(0.5)
    assert (made.left, running["worker-a"].child.running, made.done) == (0, False, {"worker-a": 1})


def test_what_is_down_is_killed_when_it_runs_again() -> None:
    made, running = nemesis(Kill(0.1, "worker-a"), Kill(0.2, "worker-a"))
    made.turn(0.3)
    made.turn(0.3)
    assert (made.left, made.done) == (1, {"worker-a": 1})
    running["worker-a"].again()
    made.turn(0.3)
    assert (made.left, made.done) == (0, {"worker-a": 2})


def looked(made: Nemesis) -> None:
    made._looked = 0.0
    made.turn(1.0)


def test_an_agent_has_recovered_when_its_group_commits_again() -> None:
    groups = FakeGroups()
    made, running = nemesis(Kill(0.1, "worker-a"), groups=groups)
    made.turn(0.2)
    running["worker-a"].again()
    looked(made)
    assert made.recovered == []
    groups.moved = 1
    looked(made)
    assert [process for process, _ in made.recovered] == ["worker-a"]


def test_a_gateway_has_recovered_when_it_is_ready() -> None:
    made, running = nemesis(Kill(0.1, "gateway"))
    made.turn(0.2)
    looked(made)
    assert made.recovered == []
    running["gateway"].again()
    looked(made)
    assert [process for process, _ in made.recovered] == ["gateway"]


def test_percentiles_are_of_the_nearest_rank() -> None:
    seconds: list[Any] = [float(number) for number in range(1, 101)]
    assert percentiles(seconds) == [51.0, 100.0]
    assert percentiles([]) == [0.0, 0.0]
