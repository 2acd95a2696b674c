"""What can be promised for a date, and which supply serves which demand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.generated import inventory_v1 as inventory
from schemas.generated import state_inventory_v1 as state
from tables.inventory.matrix import DEFAULT, FUTURE, ONHAND, Matrix, matrix_of, may_consume
from tables.inventory.promise import (
    CLOSEST_ETA,
    FIRST_ETA,
    MOST_PROMISES,
    Dated,
    Match,
    atp,
    by_date,
    match,
    promises,
)

dated = st.lists(st.builds(Dated, st.integers(0, 9), st.integers(0, 20), st.just(""), st.just("")), max_size=6)
days = st.integers(0, 9)
STOCK, ORDER = Dated(0, 10, "on hand"), Dated(3, 10, "PO")
LATER, NOW = Dated(4, 10, "X"), Dated(0, 10, "Y")


def test_V16_closest_eta_keeps_stock_at_hand_for_who_needs_it_now() -> None:
    found = match([STOCK, ORDER], [LATER, NOW], CLOSEST_ETA)
    assert found == [Match("X", "PO", 10, late=0), Match("Y", "on hand", 10, late=0)]


def test_V16_first_eta_gives_the_earliest_supply_to_who_asked_first() -> None:
    found = match([STOCK, ORDER], [LATER, NOW], FIRST_ETA)
    assert found == [Match("X", "on hand", 10, late=0), Match("Y", "PO", 10, late=3)]


@pytest.mark.parametrize(("day", "promised"), [(0, 5), (2, 5), (3, 15), (5, 15)])
def test_V17_a_promise_never_takes_from_a_later_one(day: int, promised: int) -> None:
    supply, demand = [Dated(0, 20), Dated(3, 30)], [Dated(2, 15), Dated(5, 20)]
    assert atp(supply, demand, day) == promised


@given(dated, dated, days, st.builds(Dated, due=days, quantity=st.integers(1, 9)))
def test_more_supply_never_lowers_a_promise_and_more_demand_never_raises_it(
    supply: list[Dated], demand: list[Dated], day: int, more: Dated
) -> None:
    plain = atp(supply, demand, day)
    assert atp([*supply, more], demand, day) >= plain >= atp(supply, [*demand, more], day)


@given(dated, dated, days)
def test_a_later_date_can_be_promised_at_least_as_much(supply: list[Dated], demand: list[Dated], day: int) -> None:
    assert atp(supply, demand, day) <= atp(supply, demand, day + 1)


@given(dated, dated, st.sampled_from([FIRST_ETA, CLOSEST_ETA]))
def test_matching_gives_nobody_more_than_wanted_nor_than_there_is(
    supply: list[Dated], demand: list[Dated], mode: str
) -> None:
    found = match(supply, demand, mode)
    assert sum(each.quantity for each in found) == min(
        sum(each.quantity for each in supply), sum(each.quantity for each in demand)
    )
    assert all(each.quantity > 0 and each.late >= 0 for each in found)


def sku_with(on_hand: int, *, waiting: int = 0, **rule: object) -> state.Sku:
    rules = inventory.set_stock_rules(sku="S", version=1, channels=[inventory.channel_rule(channel="web", **rule)])  # type: ignore[arg-type]
    return state.sku(
        rules=rules, positions={"DC1": inventory.position(location="DC1", on_hand=on_hand)}, waiting=waiting
    )


def order(
    due: int, quantity: int, *, received: int = 0, kind: str = "PO_SHIPPED", location: str = "DC1"
) -> inventory.Supply:
    return inventory.supply(
        supply=f"PO-{due}", kind=kind, location=location, quantity=quantity, received=received, due=due
    )


def test_a_channel_is_promised_what_is_on_its_way_from_the_day_it_comes() -> None:
    supplies = [order(3, 30, received=10), order(5, 4)]
    assert by_date(sku_with(6), supplies, "web", [0, 2, 3, 5]) == [6, 6, 26, 30]


def test_who_waits_already_comes_first() -> None:
    assert by_date(sku_with(0, waiting=8), [order(3, 10)], "web", [0, 3]) == [0, 2]


def test_supply_that_is_overdue_or_elsewhere_promises_what_it_can() -> None:
    supplies = [order(1, 5), order(3, 7, location="YARD")]
    assert by_date(sku_with(0), supplies, "web", [2, 4]) == [5, 5]


@pytest.mark.parametrize(("kind", "promised"), [("PO_SHIPPED", 9), ("PO_CONFIRMED", 0), ("PO_PLACED", 0), ("PLAN", 0)])
def test_which_supply_may_be_promised_is_data(kind: str, promised: int) -> None:
    assert by_date(sku_with(0), [order(1, 9, kind=kind)], "web", [1]) == [promised]


@pytest.mark.parametrize(
    ("matrix", "promised"),
    [({}, 0), ({"ORDER_HOLD/PO_PLACED": "yes"}, 9), ({"BACKORDER/PO_PLACED": "yes"}, 0)],
)
def test_a_skus_rules_change_the_matrix(matrix: dict[str, str], promised: int) -> None:
    sku = sku_with(0)
    assert sku["rules"]
    ruled: state.Sku = {**sku, "rules": {**sku["rules"], "matrix": matrix}}
    assert by_date(ruled, [order(1, 9, kind="PO_PLACED")], "web", [1]) == [promised]


def test_a_cell_that_is_standard_can_be_taken_away() -> None:
    rules = inventory.set_stock_rules(sku="S", version=1, matrix={"ORDER_HOLD/PO_SHIPPED": "no"})
    assert not may_consume("ORDER_HOLD", "PO_SHIPPED", matrix_of(rules))
    assert may_consume("ORDER_HOLD", "IN_TRANSIT", matrix_of(rules)) and matrix_of(None) == Matrix()


def test_each_moment_from_which_there_is_more_is_told_once() -> None:
    supplies = [
        order(5, 4),
        order(3, 30),
        inventory.supply(supply="X", kind="PO_SHIPPED", location="DC1", quantity=1, due=3),
    ]
    told = [(each["due"], each["quantity"]) for each in promises(sku_with(6), supplies, "web")]
    assert told == [(3, 37), (5, 41)]


def test_what_serves_those_who_wait_is_promised_to_nobody_else() -> None:
    told = promises(sku_with(0, waiting=8), [order(3, 8), order(5, 1)], "web")
    assert [(each["due"], each["quantity"]) for each in told] == [(5, 1)]


@pytest.mark.parametrize(
    ("rule", "promised"),
    [
        ({"excluded": True}, []),
        ({"cap": 10}, [10]),
        ({"cap": 5}, []),
        ({"percent_bp": 5_000}, [15]),
        ({"units": 4}, [26]),
    ],
)
def test_a_channels_rules_hold_for_what_is_to_come_too(rule: dict[str, Any], promised: list[int]) -> None:
    told = promises(sku_with(6 if rule != {"cap": 5} else 30, **rule), [order(3, 24)], "web")
    assert [each["quantity"] for each in told] == promised


def test_no_more_dates_are_told_than_a_buyer_asks_for() -> None:
    assert len(promises(sku_with(0), [order(day, 1) for day in range(1, 100)], "web")) == MOST_PROMISES


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9))), st.integers(0, 20), st.integers(0, 9))
def test_promises_rise_and_never_exceed_what_is_there_and_announced(
    announced: list[tuple[int, int]], on_hand: int, waiting: int
) -> None:
    supplies = [order(due, units) for due, units in announced]
    told = [each["quantity"] for each in promises(sku_with(on_hand, waiting=waiting), supplies, "web")]
    assert told == sorted(set(told)) and all(units > on_hand for units in told)
    assert max(told, default=0) <= max(0, on_hand + sum(units for _, units in announced) - waiting)


def test_a_rule_switches_a_cell_on_and_a_custom_type_inherits() -> None:
    ruled = Matrix(
        allowed=frozenset({("ORDER_HOLD", "PO_CONFIRMED")}), extends={"SAMPLE": "ORDER_HOLD", "RAIL": "IN_TRANSIT"}
    )
    assert may_consume("ORDER_HOLD", "PO_CONFIRMED", ruled) and may_consume("SAMPLE", "PO_CONFIRMED", ruled)
    assert may_consume("SAMPLE", "RAIL", ruled) and not may_consume("ORDER_HOLD", "PO_CONFIRMED")


def test_a_plan_consumes_nothing_and_nobody_consumes_a_plan() -> None:
    assert not any(may_consume("PLAN", supply) for supply in (ONHAND, *FUTURE))
    assert not any(may_consume(demand, "PLAN") for demand in DEFAULT)
