"""A number over HTTP says why it is what it is: its terms add up to it, whoever asks and whatever the SKU is called."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.gateway.models.explanation import ExplanationAnswer
from schemas.generated import inventory_v1 as inventory
from streams.engine.driver import Topology
from streams.engine.effects import Message
from streams.inventory import inventory as agent
from tests.streams.project.test_stock_and_feeds import availability
from tests.support.gateway import Desk

SKU = "WIDGET-A"
PATH = f"/v1/availability/{SKU}/explanation"


def log(sku: str = SKU, scale: int = 0) -> list[Message]:
    """120 counted, 4 damaged, a safety of 6, 24 reserved; the portal keeps 10 % back, and 30 are kept for EDI."""
    topology = Topology([agent])
    rules = [
        inventory.channel_rule(channel="portal", percent_bp=1000),
        inventory.channel_rule(channel="edi", guarantee=30),
    ]
    lines = [inventory.reserve_line(line="1", quantity=24)]
    for kind, record in (
        ("stock.set-rules", inventory.set_stock_rules(sku=sku, version=1, channels=rules, safety={"*": 6}, scale=scale)),
        ("stock.report", inventory.report_stock(
            sku=sku, kind="counted", source="wms1", sequence=88, as_of=topology.now, location="DC1", quantity=120,
            classes={"damaged": 4},
        )),
        ("stock.reserve", inventory.reserve(sku=sku, holder="O-1", attempt=1, channel="portal", lines=lines)),
    ):  # fmt: skip
        topology.send(kind, sku, record)
        topology.run()
    return [*topology.log("inventory.events"), *topology.log("inventory.availability")]


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    desk.project(*log())
    desk.caught_up()
    return desk


def told(desk: Desk, path: str = PATH) -> Any:
    answer = desk.send("GET", path)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    ExplanationAnswer.model_validate(body)
    return body


def test_the_terms_add_up_to_the_number(stocked: Desk) -> None:
    body = told(stocked, f"{PATH}?channel=portal")
    assert (body["quantity"], [(term["code"], term["amount"]) for term in body["terms"]]) == (
        "50",
        [
            ("on_hand", "120"),
            ("unsellable_damaged", "-4"),
            ("reserved_order", "-24"),
            ("safety_fixed", "-6"),
            ("segment_protected", "-30"),
            ("channel_percent", "-6"),
        ],
    )
    assert body["quantity"] == stocked.send("GET", f"/v1/availability/{SKU}?channel=portal").json()["quantity"]


@pytest.mark.parametrize("channel", ["", "portal", "edi", "elsewhere"])
def test_every_channels_number_is_explained(stocked: Desk, channel: str) -> None:
    body = told(stocked, f"{PATH}?channel={channel}")
    assert sum(int(term["amount"]) for term in body["terms"]) == int(body["quantity"])


def test_the_newest_events_behind_stock_and_rules_are_named(stocked: Desk) -> None:
    events = {message.type: message.envelope.id for message in log()}
    behind = {term["code"]: term["events"] for term in told(stocked, f"{PATH}?channel=portal")["terms"]}
    assert behind["on_hand"] == behind["unsellable_damaged"] == [events["inventory.counted"]]
    assert behind["safety_fixed"] == behind["channel_percent"] == [events["inventory.rules.set"]]
    assert behind["reserved_order"] == [events["inventory.reserved"]]
    assert "wms1 #88" in told(stocked)["terms"][0]["detail"]


def test_every_event_is_told_with_its_source_and_time(stocked: Desk) -> None:
    for term in told(stocked, f"{PATH}?channel=portal")["terms"]:
        assert [each["id"] for each in term["evidence"]] == term["events"]
        assert all(
            each["type"].startswith("inventory.") and each["source"] and each["time"] for each in term["evidence"]
        )


def test_who_holds_what_since_when_is_told_with_what_made_it(stocked: Desk) -> None:
    body = told(stocked)
    [row] = body["ledger"]
    assert (row["holder"], row["kind"], row["line"], row["location"], row["reserved"], row["allocated"]) == (
        "O-1", "order", "1", "DC1", "24", "0",
    )  # fmt: skip
    assert (row["event"]["type"], body["ledger_known"], row["age_seconds"] >= 0) == ("inventory.reserved", 1, True)


def test_a_number_without_its_events_is_explained_all_the_same(desk: Desk) -> None:
    desk.project(*(message for message in log() if message.type == "availability.changed"))
    desk.caught_up()
    assert told(desk)["terms"][0]["events"] == []


def test_units_of_a_scaled_product_are_decimals(desk: Desk) -> None:
    desk.project(*log(scale=1))
    desk.caught_up()
    body = told(desk, f"{PATH}?channel=portal")
    assert (body["quantity"], body["terms"][0]["amount"]) == ("5.0", "12.0")


@pytest.mark.parametrize("path", ["A%2FB%201:%C3%BC", "A/B%201:%C3%BC"], ids=["escaped", "plain"])
def test_a_sku_may_hold_any_sign(desk: Desk, path: str) -> None:
    desk.project(*log("A/B 1:ü"))
    desk.caught_up()
    assert told(desk, f"/v1/availability/{path}/explanation")["sku"] == "A/B 1:ü"


def test_a_sku_that_is_called_explanation_is_a_sku(desk: Desk) -> None:
    desk.project(*log("A/explanation"), *log("explanation"))
    desk.caught_up()
    skus = [
        desk.send("GET", path).json()["sku"]
        for path in ("/v1/availability/A%2Fexplanation", "/v1/availability/explanation")
    ]
    assert skus == ["A/explanation", "explanation"]
    assert told(desk, "/v1/availability/A%2Fexplanation/explanation")["sku"] == "A/explanation"


def test_an_unknown_sku_is_named_so(stocked: Desk) -> None:
    answer = stocked.send("GET", "/v1/availability/NOBODY/explanation")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-sku")


def test_what_an_older_release_projected_is_not_explained_wrongly(stocked: Desk) -> None:
    """Its rules took 10 from the number, and the value does not say which."""
    channels = [inventory.channel_availability(channel="portal", quantity=100, status="in_stock")]
    stocked.project(availability(channels=channels))
    answer = stocked.send("GET", f"{PATH}?channel=portal")
    assert (answer.status_code, answer.json()["code"]) == (503, "dependency-unavailable")


def test_a_key_for_one_channel_is_told_of_that_only(stocked: Desk) -> None:
    headers = stocked.key("availability:read@portal")
    asked = [stocked.send("GET", f"{PATH}?channel={name}", headers).status_code for name in ("portal", "edi")]
    assert asked == [200, 403]
