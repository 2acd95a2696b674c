"""The formulae of a position, and that they move the right way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas.generated import inventory_v1 as inventory
from schemas.generated import state_inventory_v1 as state
from schemas.generated.inventory_v1 import ChannelRule, Position
from schemas.generated.state_inventory_v1 import Sku
from tables.inventory.position import (
    available_to_sell,
    buffered,
    free,
    guaranteed,
    net,
    pool,
    rule_of,
    safety,
    short,
    sourcing,
)

units = st.integers(0, 50)
positions = st.builds(
    inventory.position,
    location=st.just("A"),
    on_hand=st.integers(-10, 80),
    unsellable=st.integers(-3, 9),
    reserved=units,
    allocated=units,
)
buffers = st.builds(
    inventory.channel_rule, channel=st.just("mkt"), percent_bp=st.integers(0, 10_000), units=st.integers(0, 20)
)


def sku_with(*places: Position, safety: dict[str, int] | None = None, channels: tuple[ChannelRule, ...] = ()) -> Sku:
    rules = inventory.set_stock_rules(sku="S", version=1, safety=safety or {}, channels=list(channels))
    return state.sku(rules=rules, positions={place["location"]: place for place in places})


@given(positions, units)
def test_free_is_never_more_than_net_nor_than_on_hand(position: Position, safety: int) -> None:
    assert free(position, safety) <= net(position) <= position["on_hand"]


@given(positions, units)
def test_safety_alone_never_makes_free_negative(position: Position, safety: int) -> None:
    assert free(position, safety) >= min(0, net(position))


@given(positions, buffers, st.integers(1, 9))
def test_more_supply_never_lowers_what_a_channel_can_sell(position: Position, rule: ChannelRule, more: int) -> None:
    fuller: Position = {**position, "on_hand": position["on_hand"] + more}
    assert available_to_sell(sku_with(fuller, channels=(rule,)), "mkt") >= available_to_sell(
        sku_with(position, channels=(rule,)), "mkt"
    )


@given(positions, buffers, st.integers(1, 9))
def test_more_demand_never_raises_what_a_channel_can_sell(position: Position, rule: ChannelRule, more: int) -> None:
    busier: Position = {**position, "reserved": position["reserved"] + more}
    assert available_to_sell(sku_with(busier, channels=(rule,)), "mkt") <= available_to_sell(
        sku_with(position, channels=(rule,)), "mkt"
    )


@given(positions, units, buffers)
def test_no_channel_can_sell_more_than_is_free_nor_less_than_nothing(
    position: Position, safety: int, rule: ChannelRule
) -> None:
    sku = sku_with(position, safety={"A": safety}, channels=(rule,))
    assert 0 <= available_to_sell(sku, "mkt") <= available_to_sell(sku, "another") == max(0, free(position, safety))


@given(positions, units)
def test_reserving_and_allocating_are_the_same_to_what_is_free(position: Position, safety: int) -> None:
    firm: Position = {**position, "allocated": position["allocated"] + position["reserved"], "reserved": 0}
    assert free(firm, safety) == free(position, safety)


def test_a_shortage_is_what_is_held_beyond_what_is_there() -> None:
    assert short(inventory.position(location="A", on_hand=3, allocated=5)) == 2
    assert short(inventory.position(location="A", on_hand=5, allocated=3)) == 0


def test_a_pool_sums_before_it_clips() -> None:
    sku = sku_with(inventory.position(location="A", on_hand=50), inventory.position(location="B", allocated=3))
    assert (pool(sku, ["A", "B"]), pool(sku, ["B"]), pool(sku, ["A"])) == (47, 0, 50)


def test_a_sourcing_group_names_its_locations_and_an_empty_one_means_all() -> None:
    sku = sku_with(inventory.position(location="B"), inventory.position(location="A"))
    group = inventory.channel_rule(channel="mkt", locations=["B", "Z"])
    assert (sourcing(sku, group), sourcing(sku, None)) == (["B"], ["A", "B"])


def test_percent_goes_before_units() -> None:
    assert buffered(100, inventory.channel_rule(channel="mkt", percent_bp=1000, units=5)) == 85
    assert buffered(3, inventory.channel_rule(channel="mkt", units=5)) == 0


def test_a_channel_without_rules_sells_the_pool() -> None:
    assert (buffered(7, None), rule_of(None, "mkt")) == (7, None)


def test_an_excluded_location_serves_a_channel_no_more() -> None:
    sku = sku_with(inventory.position(location="B"), inventory.position(location="A"))
    assert sourcing(sku, inventory.channel_rule(channel="mkt", excluded_locations=["A"])) == ["B"]


def test_a_share_of_on_hand_is_kept_back_where_it_is_the_larger_rounded_up() -> None:
    place = inventory.position(location="A", on_hand=15)
    rules = inventory.set_stock_rules(sku="S", version=1, safety={"*": 1}, safety_bp={"A": 1000})
    assert safety(state.sku(rules=rules, positions={"A": place}), "A") == 2
    assert safety(state.sku(rules=rules, positions={"A": {**place, "on_hand": 3}}), "A") == 1
    assert safety(state.sku(rules=rules, positions={"B": {**place, "on_hand": 99}}), "B") == 1


@given(positions, st.integers(0, 10_000), st.integers(1, 9))
def test_a_share_kept_back_never_makes_more_supply_less(position: Position, share_bp: int, more: int) -> None:
    rules = inventory.set_stock_rules(sku="S", version=1, safety_bp={"A": share_bp})
    fuller: Position = {**position, "on_hand": position["on_hand"] + more}
    before, after = (state.sku(rules=rules, positions={"A": place}) for place in (position, fuller))
    assert available_to_sell(after, "portal") >= available_to_sell(before, "portal")


@given(positions, units, units, units)
def test_channels_together_are_never_promised_more_than_their_pool(
    position: Position, guarantee: int, other: int, cap: int
) -> None:
    """What is kept for others is not offered; a cap only lowers."""
    ruled = (
        inventory.channel_rule(channel="edi", guarantee=guarantee),
        inventory.channel_rule(channel="mkt", guarantee=other, cap=cap),
    )
    sku = sku_with(position, channels=ruled)
    assert sum(guaranteed(sku).values()) == guarantee + other
    assert 0 <= available_to_sell(sku, "mkt") <= min(cap, max(0, pool(sku, ["A"]) - guarantee))
    assert available_to_sell(sku, "web") == max(0, pool(sku, ["A"]) - guarantee - other)


@given(units, units)
def test_a_channel_that_takes_from_its_guarantee_changes_nothing_for_others(guarantee: int, taken: int) -> None:
    ruled = inventory.channel_rule(channel="edi", guarantee=guarantee)
    before = sku_with(inventory.position(location="A", on_hand=100), channels=(ruled,))
    own = min(guarantee, taken)
    held = inventory.position(location="A", on_hand=100, reserved=own)
    after: Sku = {**sku_with(held, channels=(ruled,)), "used": {"edi": own}}
    assert available_to_sell(after, "web") == available_to_sell(before, "web")
