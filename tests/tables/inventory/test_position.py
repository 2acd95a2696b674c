"""The formulae of a position, and that they move the right way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas.generated import inventory_v1 as inventory
from schemas.generated import state_inventory_v1 as state
from schemas.generated.inventory_v1 import ChannelRule, Position
from schemas.generated.state_inventory_v1 import Sku
from tables.inventory.position import (
    anything_free,
    available_to_sell,
    buffered,
    free,
    net,
    pool,
    rule_of,
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


def test_a_shelf_that_is_short_has_nothing_free() -> None:
    assert not anything_free(sku_with(inventory.position(location="A", on_hand=1, allocated=2)))
    assert anything_free(sku_with(inventory.position(location="A", on_hand=3, allocated=2)))
