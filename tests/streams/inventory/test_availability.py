"""What readers are told, and when."""

from __future__ import annotations

from tests.streams.inventory.shelf import Shelf


def told(shelf: Shelf) -> dict[str, int]:
    """The channels' quantities that the last command published; empty where it published none."""
    return {
        offer["channel"]: offer["quantity"]
        for each in shelf.facts("availability.changed")
        for offer in each["channels"]
    }


def story_one() -> Shelf:
    """Scenario 1: DC1 and YARD, three channels, one with ten units kept back."""
    shelf = Shelf()
    shelf.rules(
        safety={"DC1": 6},
        authorities={"DC1": "wms1", "YARD": "erp"},
        channels=({"channel": "portal"}, {"channel": "RETX"}, {"channel": "field", "units": 10}),
    )
    shelf.count("DC1", 120, unsellable=4, source="wms1")
    shelf.count("YARD", 40, source="erp")
    return shelf


def test_scenario_1_starts_with_one_merged_number() -> None:
    shelf = story_one()
    assert told(shelf) == {"portal": 150, "RETX": 150, "field": 140}


def test_scenario_1_a_stale_copy_changes_nothing() -> None:
    shelf = story_one()
    shelf.count("DC1", 118, source="erp")
    [drift] = shelf.facts("inventory.drift.detected")
    assert (told(shelf), drift["difference"], drift["authority"]) == ({}, -2, "wms1")


def test_scenario_1_orders_lower_what_every_channel_sees_and_shipping_does_not() -> None:
    shelf = story_one()
    shelf.reserve("P-1001", {"1": 24})
    assert told(shelf) == {"portal": 126, "RETX": 126, "field": 116}
    shelf.reserve("4500017", {"1": 36}, channel="RETX")
    assert told(shelf) == {"portal": 90, "RETX": 90, "field": 80}
    shelf.reserve("F-77", {"1": 24}, channel="field")
    assert told(shelf) == {"portal": 66, "RETX": 66, "field": 56}
    for order, units, location in (("P-1001", 24, "DC1"), ("4500017", 36, "DC1"), ("F-77", 24, "YARD")):
        shelf.ship(order, units, location)
    assert (shelf.position("DC1")["on_hand"], shelf.position("YARD")["on_hand"]) == (60, 16)
    assert [shelf.available(channel) for channel in ("portal", "RETX", "field")] == [66, 66, 56]


def test_scenario_5_each_channel_draws_from_its_own_locations() -> None:
    shelf = Shelf()
    shelf.rules(
        safety={"WH1": 20, "3PL": 100},
        channels=({"channel": "contractors", "locations": ["WH1", "WH2"]}, {"channel": "dealers", "percent_bp": 500}),
    )
    for location, units in (("WH1", 400), ("WH2", 250), ("3PL", 1000)):
        shelf.count(location, units)
    assert told(shelf) == {"contractors": 630, "dealers": 1453}
    assert shelf.facts("availability.changed")[0]["default_quantity"] == 1530


def test_a_percentage_is_floored_once_and_exactly() -> None:
    shelf = Shelf(DC1=10_000_000_000_000_003)
    shelf.rules(channels=({"channel": "mkt", "percent_bp": 3333},))
    assert shelf.available("mkt") == 10_000_000_000_000_003 * 6667 // 10_000


def test_nothing_is_told_where_nothing_visible_changed() -> None:
    shelf = Shelf(DC1=10)
    shelf.count("DC1", 10)
    assert (len(shelf.facts("inventory.counted")), shelf.facts("availability.changed")) == (1, [])
    shelf.reserve("PO-7", {"1": 20}, mode="whole")
    assert shelf.facts("availability.changed") == []


def test_a_reader_is_told_of_a_sku_even_before_it_has_stock() -> None:
    shelf = Shelf()
    shelf.rules(channels=({"channel": "mkt"},))
    [changed] = shelf.facts("availability.changed")
    assert (changed["default_quantity"], changed["channels"][0]["status"], changed["as_of"]) == (0, "unknown", None)


def test_a_channel_is_in_stock_or_out_of_it() -> None:
    shelf = Shelf()
    shelf.rules(channels=({"channel": "mkt"},))
    shelf.count("DC1", 1)
    assert shelf.shown()["channels"][0]["status"] == "in_stock"
    shelf.reserve("PO-7", {"1": 1})
    assert shelf.shown()["channels"][0]["status"] == "out_of_stock"


def test_the_age_is_that_of_the_oldest_contributing_source() -> None:
    shelf = Shelf()
    now = shelf.stage.now
    shelf.count("WH1", 1, as_of=now - 40_000)
    shelf.count("WH2", 1, as_of=now - 3_000)
    [changed] = shelf.facts("availability.changed")
    assert (changed["as_of"], [place["as_of"] for place in changed["locations"]]) == (
        now - 40_000,
        [now - 40_000, now - 3_000],
    )


def test_a_shortfall_is_told_and_the_offer_is_never_negative() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("PO-7", {"1": 8})
    shelf.count("DC1", 5)
    [changed] = shelf.facts("availability.changed")
    assert (changed["default_quantity"], changed["shortfall"], changed["locations"][0]["free"]) == (0, 3, -3)


def test_what_waits_is_told() -> None:
    shelf = Shelf(DC1=1)
    shelf.reserve("PO-7", {"1": 3}, wait=True)
    assert shelf.facts("availability.changed")[0]["waiting"] == 2


def test_the_version_is_the_number_of_the_fact_before_it() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("PO-7", {"1": 3})
    [changed] = shelf.facts("availability.changed")
    [reserved] = shelf.facts("inventory.reserved")
    assert changed["version"] == reserved["seq"]
