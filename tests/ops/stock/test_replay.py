"""A SKU's past is its facts up to a moment, and who asks for nothing that is there is told so."""

from __future__ import annotations

import pytest

from ops.exits import Failed
from ops.stock.replay import Replayed, explained, folded
from ops.stock.shown import as_json, for_people
from tests.ops.stock.log import Stock

KEY = b"acme|WIDGET-A"


@pytest.fixture
def stock() -> Stock:
    """120 counted, 24 reserved for an order; another SKU beside it."""
    stock = Stock()
    stock.count("WIDGET-B", 7)
    stock.count("WIDGET-A", 120)
    stock.reserve("WIDGET-A", "O-1", 24)
    return stock


def now(stock: Stock, until: int | None = None) -> Replayed:
    return folded("WIDGET-A", KEY, stock.records(), until)


def test_the_shadow_has_the_rows_of_production(stock: Stock) -> None:
    rows = stock.topology.rows("inventory", "acme", "WIDGET-A")
    assert now(stock).shadow.rows.rows == rows


def test_a_number_is_told_with_what_makes_it(stock: Stock) -> None:
    told = as_json(explained("WIDGET-A", now(stock), "portal"), stock.topology.now)
    assert (told["quantity"], [(term["code"], term["amount"]) for term in told["terms"]]) == (
        "96",
        [("on_hand", "120"), ("reserved_order", "-24")],
    )
    [row] = told["ledger"]
    assert (row["holder"], row["reserved"], row["age_seconds"]) == ("O-1", "24", 0.0)


def test_the_events_of_a_term_are_those_of_the_log(stock: Stock) -> None:
    told = as_json(explained("WIDGET-A", now(stock), ""), stock.topology.now)
    log = {message.envelope.id: message for message in stock.topology.log("inventory.events")}
    [count] = told["terms"][0]["events"]
    assert log[count["id"]].type == count["type"] == "inventory.counted"
    assert (count["source"], count["sequence"], count["quantity"]) == ("wms1", 1, "120")
    assert told["ledger"][0]["events"] == [event["id"] for event in told["terms"][1]["events"]]


def test_at_a_past_moment_it_is_as_it_was(stock: Stock) -> None:
    past = stock.topology.now - 1
    assert explained("WIDGET-A", now(stock, past), "").quantity == 120
    assert now(stock, past).last == past


def test_before_its_first_fact_nothing_was_known(stock: Stock) -> None:
    with pytest.raises(Failed, match="nothing was known of WIDGET-A then: its first fact is of 2026-03-02T08:00"):
        now(stock, 0)


def test_an_unknown_sku_is_named(stock: Stock) -> None:
    with pytest.raises(Failed, match="nothing was ever reported of NOBODY"):
        folded("NOBODY", b"acme|NOBODY", stock.records(), None)


def test_an_unknown_channel_is_told_which_there_are(stock: Stock) -> None:
    with pytest.raises(Failed, match="knows no channel web, only portal"):
        explained("WIDGET-A", now(stock), "web")


def test_units_of_a_scaled_product_are_told_as_decimals() -> None:
    stock = Stock()
    stock.rules("ROPE", base_unit="MTR", scale=2)
    stock.count("ROPE", 1250)
    told = as_json(explained("ROPE", folded("ROPE", b"acme|ROPE", stock.records(), None), ""), stock.topology.now)
    assert (told["quantity"], told["unit"], told["terms"][0]["events"][0]["quantity"]) == ("12.50", "MTR", "12.50")
    assert "counted 12.50" in told["terms"][0]["detail"]


def test_people_see_a_sum_and_who_holds_what(stock: Stock, capsys: pytest.CaptureFixture[str]) -> None:
    from rich.console import Console

    Console(width=200).print(for_people(as_json(explained("WIDGET-A", now(stock), "portal"), stock.topology.now)))
    shown = capsys.readouterr().out
    assert all(text in shown for text in ("+120", "-24", "offered", "96", "O-1", "wms1 #1"))
