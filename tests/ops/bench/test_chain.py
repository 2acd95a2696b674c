"""What counts as seen, and which orders are posted."""

from __future__ import annotations

from typing import Any

import pytest

from ops.bench.arithmetic import NothingMeasured
from ops.bench.chain import CHANNEL, Times, calm_orders, note


def entry(order: str, status: str = "accepted", kind: str = "order.status.changed") -> dict[str, Any]:
    """An entry of a view."""
    return {"seq": 1, "type": kind, "data": {"order_id": order, "status": status}}


def times(count: int, *, unseen: int = 0) -> Times:
    """Orders posted a second apart: answered after 10 ms, pushed after 50, pulled after 80."""
    made = Times()
    for index in range(count):
        own = f"o{index}"
        made.posted[own], made.answered[own] = float(index), index + 0.01
        if index < count - unseen:
            made.pushed[own], made.pulled[own] = index + 0.05, index + 0.08
    return made


def test_an_acceptance_is_noted() -> None:
    found: dict[str, float] = {}
    note(found, entry("a"), 1.5)
    assert found == {"a": 1.5}


def test_only_the_first_time_counts() -> None:
    found: dict[str, float] = {}
    note(found, entry("a"), 1.5)
    note(found, entry("a"), 2.5)
    assert found == {"a": 1.5}


@pytest.mark.parametrize(
    "other",
    [entry("a", "confirmed"), entry("a", kind="order.changed"), {"type": "order.status.changed", "link": "/v1/…"}],
)
def test_nothing_but_an_acceptance_counts(other: dict[str, Any]) -> None:
    found: dict[str, float] = {}
    note(found, other, 1.5)
    assert found == {}


def test_an_order_is_seen_when_it_came_both_ways() -> None:
    made = times(3)
    del made.pulled["o1"]
    del made.pushed["o2"]
    assert made.seen() == {"o0"}


def test_each_step_is_timed_from_the_post() -> None:
    figures = times(20).figures(10, 0)
    steps = [figures.answered.p50_ms, figures.pushed.p50_ms, figures.pulled.p99_ms]
    assert steps == pytest.approx([10, 50, 80])
    assert (figures.orders, figures.lost, figures.per_second) == (20, 0, 10)


def test_the_first_orders_are_not_counted() -> None:
    made = times(20)
    made.pushed["o0"] = 99.0
    assert made.figures(10, 5).pushed.p99_ms == pytest.approx(50)
    assert made.figures(10, 5).orders == 15


def test_orders_that_never_came_are_told() -> None:
    figures = times(20, unseen=2).figures(10, 5)
    assert (figures.orders, figures.lost, figures.pushed.count) == (15, 2, 13)


def test_a_run_in_which_nothing_came_has_no_figures() -> None:
    with pytest.raises(NothingMeasured):
        times(5, unseen=5).figures(10, 0)


def test_calm_orders_can_all_be_accepted() -> None:
    made = list(calm_orders(300))
    assert {one.channel for one in made} == {CHANNEL}
    assert "9999" not in {one.customer for one in made}
    assert not any(line.item.hot or line.cases for one in made for line in one.lines)


def test_there_are_as_many_calm_orders_as_asked_each_with_its_number() -> None:
    assert len({one.number for one in calm_orders(860)}) == 860
