"""Who has something to decide goes on, and soon there is little: as somebody sees it who only asks for offsets."""

from __future__ import annotations

from ops.chaos.standstill import GOES_ON, LITTLE, STILL_S, Standstill
from streams.engine.records import TP

ONE, TWO = TP("orders.commands", 0), TP("orders.commands", 1)


class Scene:
    def __init__(self) -> None:
        self.now = 100.0
        self.watched = Standstill(lambda: self.now)
        self.watched.begin()

    def look(self, seconds: float, committed: dict[TP, int], ends: dict[TP, int]) -> None:
        self.now += seconds
        self.watched.look("orders", committed, ends)

    def broken(self) -> list[str]:
        return [one.invariant for one in self.watched.violations()]


def test_who_goes_on_is_never_called_still_however_long_it_takes() -> None:
    scene = Scene()
    for at in range(10):
        scene.look(STILL_S - 1, {ONE: at}, {ONE: 100})
    assert scene.broken() == []
    assert scene.watched.longest_s == 0.0


def test_a_partition_that_commits_nothing_for_too_long_is_found_by_its_name() -> None:
    scene = Scene()
    for _ in range(3):
        scene.look(STILL_S / 2 + 1, {ONE: 7, TWO: 5}, {ONE: 9, TWO: 5})
    (found,) = scene.watched.violations()
    assert found.invariant == GOES_ON
    assert "orders at 7 of 9 in orders.commands/0" in str(found)


def test_who_has_nothing_to_decide_may_rest_for_ever() -> None:
    scene = Scene()
    for _ in range(5):
        scene.look(STILL_S, {ONE: 9}, {ONE: 9})
    scene.look(1.0, {ONE: 9}, {ONE: 10})
    assert scene.broken() == []


def test_a_group_that_cannot_be_asked_is_not_called_still() -> None:
    scene = Scene()
    for _ in range(5):
        scene.look(STILL_S, {}, {ONE: 9})
    assert scene.broken() == []


def test_before_the_last_fault_is_over_nobody_is_looked_at() -> None:
    scene = Scene()
    scene.watched = Standstill(lambda: scene.now)
    for _ in range(3):
        scene.look(STILL_S, {ONE: 7}, {ONE: 9})
    assert scene.broken() == []
    scene.watched.begin()
    scene.look(STILL_S - 1, {ONE: 7}, {ONE: 9})
    assert scene.broken() == []


def test_it_tells_from_when_on_there_was_little_to_decide() -> None:
    scene = Scene()
    scene.look(5.0, {ONE: 0}, {ONE: LITTLE})
    scene.look(5.0, {ONE: 1}, {ONE: LITTLE})
    scene.look(5.0, {ONE: LITTLE}, {ONE: LITTLE})
    assert scene.watched.little_after_s == 5.0
    assert "after 5 s" in scene.watched.told()
