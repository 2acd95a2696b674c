"""Who hears of what."""

from __future__ import annotations

import pytest

from schemas.generated import orders_v1, shipments_v1
from streams.notify.catalogue import matches
from tests.streams.notify.news import Town, availability, milestone, refusal, status


def step_moved() -> orders_v1.OrderStepMoved:
    """Bookkeeping of an order."""
    return {"order_id": "O-1", "seq": 3, "number": "P-1001", "channel": "portal"}  # type: ignore[typeddict-item]


def test_the_default_view_of_the_orders_channel_hears_a_status() -> None:
    assert Town().hears("order.status.changed", status()) == ["portal/default"]


def test_the_orders_own_channel_counts_where_another_channel_caused_it() -> None:
    assert Town().hears("shipment.milestone.recorded", milestone(), channel="tms") == ["portal/default"]


def test_what_belongs_to_no_channel_is_told_to_nobody() -> None:
    assert Town().hears("order.status.changed", status(channel=""), channel="") == []


@pytest.mark.parametrize(
    ("patterns", "hears"),
    [
        ([], True),
        (["order.*"], True),
        (["*"], True),
        (["order.status.changed"], True),
        (["*.changed"], True),
        (["invoice.*"], False),
        (["order.status"], False),
        (["invoice.*", "order.*"], True),
        (["Order.*"], False),
        (["order.?tatus.changed"], False),
        (["order.[a-z]*"], False),
    ],
)
def test_a_subscription_hears_what_its_patterns_reach(patterns: list[str], hears: bool) -> None:
    told = Town().subscribe("crm", *patterns).hears("order.status.changed", status())
    assert ("portal/crm" in told) is hears


def test_a_subscription_follows_its_own_channel_by_default() -> None:
    town = Town().subscribe("crm").subscribe("ops", channel="field")
    assert town.hears("order.status.changed", status()) == ["portal/default", "portal/crm"]


def test_a_subscription_may_follow_other_channels_or_all() -> None:
    town = Town().subscribe("some", channel="crm", sources=["field"]).subscribe("all", channel="crm", sources=["*"])
    assert town.hears("order.status.changed", status(channel="field")) == ["field/default", "crm/all", "crm/some"]


@pytest.mark.parametrize(
    "kind",
    [
        "order.step.moved", "order.stock.noted", "order.lines.changed", "order.shipment.counted", "order.stock.asked",
        "order.milestone.counted", "shipment.parked", "shipment.ignored", "shipment.unparked", "order.parked",
        "shipment.references.claimed", "order.repeated", "something.new",
    ],
)  # fmt: skip
def test_bookkeeping_is_told_only_to_who_names_it(kind: str) -> None:
    town = Town().subscribe("all", "*").subscribe("exact", kind).subscribe("every")
    assert town.hears(kind, step_moved()) == ["portal/exact"]


@pytest.mark.parametrize("kind", ["order.created", "order.accepted", "order.confirmed", "order.released"])
def test_steps_behind_a_status_are_told_to_subscriptions_only(kind: str) -> None:
    assert Town().subscribe("crm", "order.*").hears(kind, step_moved()) == ["portal/crm"]


def test_a_late_step_of_a_shipment_is_no_news() -> None:
    town = Town().subscribe("crm", "shipment.*").subscribe("exact", "shipment.milestone.recorded")
    assert town.hears("shipment.milestone.recorded", milestone(late=True)) == ["portal/exact"]


def test_a_refused_document_is_told_to_its_channel() -> None:
    effects = Town().happens("document.normalized", refusal("bad unit"))
    assert [(ask.key, ask.record["type"]) for ask in effects.asks] == [("portal/default", "document.rejected")]


def test_a_refused_reservation_is_told_to_who_asked_and_to_no_view() -> None:
    refused = {**refusal("no such product"), "kind": "reservation"}
    assert Town().subscribe("all", "*").hears("document.normalized", refused) == []


@pytest.mark.parametrize("kind", ["cart.opened", "cart.held", "cart.taken"])
def test_no_view_hears_of_carts_though_it_asks_for_them(kind: str) -> None:
    told = {"reservation": "r-1", "seq": 1, "channel": "portal"}
    assert Town().subscribe("carts", kind, "*").hears(kind, told) == []


def test_an_accepted_document_is_no_news() -> None:
    assert Town().subscribe("all", "*").hears("document.normalized", refusal()) == []


def test_the_death_of_a_command_is_for_operators() -> None:
    assert Town().subscribe("all", "*").hears("command.died", {"receipt": "R"}) == []


@pytest.mark.parametrize("pattern", ["availability.*", "availability.changed"])
def test_availability_is_told_to_who_asks_for_it(pattern: str) -> None:
    assert Town().subscribe("stock", pattern).hears("availability.changed", availability()) == ["portal/stock"]


@pytest.mark.parametrize("types", [[], ["*"], ["*.changed"], ["order.*"]])
def test_availability_floods_nobody_who_did_not_ask(types: list[str]) -> None:
    assert Town().subscribe("crm", *types, sources=["*"]).hears("availability.changed", availability()) == []


@pytest.mark.parametrize("types", [["invoice.*"], ["order.*"], ["order.status.changed"], []])
def test_the_default_view_is_unfiltered_and_told_once(types: list[str]) -> None:
    town = Town().subscribe("default", *types, url="https://x.example/", epoch=3)
    asks = town.happens("order.status.changed", status()).asks
    assert [(ask.key, ask.record["epoch"]) for ask in asks] == [("portal/default", 3)]


def test_an_invoice_is_told() -> None:
    posted = shipments_v1.invoice_posted(
        order_id="O-1", channel="portal", kind="posted", number="INV-1", event_id="e", at=1
    )
    assert Town().hears("invoice.posted", posted, channel="finance") == ["portal/default"]


def test_a_family_of_line_facts_is_told_by_default() -> None:
    assert Town().hears("order.line.backordered", step_moved()) == ["portal/default"]


@pytest.mark.parametrize(
    ("pattern", "kind", "reaches"),
    [
        ("*", "order.created", True),
        ("order.*.changed", "order.status.changed", True),
        ("order.*.changed", "order.changed", False),
        ("**", "order.created", True),
        ("", "order.created", False),
        ("order.created\n", "order.created", False),
    ],
)
def test_a_star_stands_for_any_run_of_characters(pattern: str, kind: str, reaches: bool) -> None:
    assert matches(pattern, kind) is reaches
