"""Changed reference data tells those who must know; long expansions go page by page."""

from __future__ import annotations

from typing import Any

import pytest

from schemas import wire
from schemas.generated import reference_v1 as reference
from streams.normalize import normalize
from streams.normalize.reference import PAGE
from tables.rows import DictRows
from tests.streams.normalize.desk import commands, document, handed_in, product, receipt, rows

DC1 = reference.location(code="DC1", priority=10, version=4)
DC2 = reference.location(code="DC2", priority=20, version=1)
RULED = product(
    "RULED",
    safety=[reference.location_stock(location="DC1", safety=5), reference.location_stock(location="*", percent_bp=500)],
    channels=[reference.channel_rule(channel="web", percent_bp=1000, guarantee=7, split=False)],
    thresholds=[reference.threshold(kind="low", channel="web", at=10, clear=12)],
    authorities={"DC1": "wms1"},
)
BOOK = {"locations|DC1": DC1, "locations|DC2": DC2, "products|RULED": RULED}


def put(kind: str, key: str, book: DictRows, **fields: Any) -> Any:
    return handed_in(document(b"{}", f"reference/{kind}", target=key, **fields), book)


def test_a_product_sets_the_rules_of_its_sku() -> None:
    (ask,) = commands(put("products", "RULED", rows(**BOOK)))
    rules = ask.record
    assert (ask.type, ask.key, rules["safety"], rules["authorities"]) == (
        "stock.set-rules",
        "RULED",
        {"DC1": 5, "*": 0},
        {"DC1": "wms1"},
    )
    assert rules["priorities"] == {"DC1": 10, "DC2": 20} and rules["channels"][0]["percent_bp"] == 1000


def test_the_policy_of_a_channel_and_the_thresholds_reach_the_sku_as_they_are() -> None:
    (ask,) = commands(put("products", "RULED", rows(**BOOK)))
    [web], [low] = ask.record["channels"], ask.record["thresholds"]
    assert (web["guarantee"], web["split"], web["cap"], ask.record["safety_bp"]) == (
        7,
        False,
        None,
        {"DC1": 0, "*": 500},
    )
    assert (low["kind"], low["channel"], low["at"], low["clear"]) == ("low", "web", 10, 12)


def test_the_tolerances_of_locations_reach_the_skus_that_have_an_authority_there() -> None:
    told = [reference.drift_tolerance(source="erp", units=2, percent_bp=0, for_seconds=90, accept="derived")]
    book = {**BOOK, "locations|DC1": {**DC1, "tolerances": told}, "locations|DC2": {**DC2, "tolerances": told}}
    (ask,) = commands(put("products", "RULED", rows(**book)))
    [tolerance] = ask.record["tolerances"]
    assert (tolerance["location"], tolerance["source"], tolerance["units"]) == ("DC1", "erp", 2)
    assert (tolerance["percent_bp"], tolerance["for_ms"], tolerance["accept"]) == (0, 90_000, "derived")


def test_which_supply_may_be_promised_reaches_the_sku() -> None:
    book = {**BOOK, "products|RULED": {**RULED, "matrix": {"ORDER_HOLD/PO_PLACED": "yes"}}}
    (ask,) = commands(put("products", "RULED", rows(**book)))
    assert ask.record["matrix"] == {"ORDER_HOLD/PO_PLACED": "yes"}


def test_sources_without_gaps_reach_every_sku_by_their_location() -> None:
    book = {**BOOK, "locations|DC1": {**DC1, "sequenced": ["wms1", "erp"]}}
    (ask,) = commands(put("products", "RULED", rows(**book)))
    named = [(each["location"], each["source"]) for each in ask.record["sequenced"]]
    assert named == [("DC1", "wms1"), ("DC1", "erp")]


def test_the_version_of_the_rules_grows_with_the_product_and_with_each_location() -> None:
    before = commands(put("products", "RULED", rows(**BOOK)))[0].record["version"]
    moved = {**BOOK, "locations|DC2": {**DC2, "version": 2}}
    assert commands(put("products", "RULED", rows(**moved)))[0].record["version"] == before + 1


def test_a_location_sets_the_rules_of_every_product() -> None:
    book = DictRows({**BOOK, "products|OTHER": product("OTHER")})
    assert [ask.key for ask in commands(put("locations", "DC1", book))] == ["OTHER", "RULED"]


def test_a_subscription_sets_its_views_delivery() -> None:
    wanted = reference.subscription(
        channel="portal", name="erp-team", url="https://example.com/hook", mode="latest", version=3
    )
    (ask,) = commands(put("subscriptions", "portal|erp-team", rows(**{"subscriptions|portal|erp-team": wanted})))
    assert (ask.type, ask.key, ask.record["view"], ask.record["mode"]) == (
        "feed.set-subscription",
        "portal/erp-team",
        "erp-team",
        "latest",
    )


@pytest.mark.parametrize("kind", ["cross-references", "units", "customers", "partners", "products", "keys"])
def test_what_concerns_nobody_else_is_accepted_without_parts(kind: str) -> None:
    told = receipt(put(kind, "no-such-key", rows()))
    assert (told["state"], told["kind"], told["parts"], told["problems"]) == ("accepted", "reference", [], [])


def many(count: int) -> DictRows:
    return DictRows(
        {"locations|DC1": DC1, **{f"products|S{number:05}": product(f"S{number:05}") for number in range(count)}}
    )


def test_a_page_is_all_that_one_decision_expands() -> None:
    effects = put("locations", "DC1", many(PAGE + 1))
    assert [ask.type for ask in commands(effects)] == ["stock.set-rules"] * PAGE + ["channel.document"]
    assert len(receipt(effects)["parts"]) == PAGE


def test_pages_follow_each_other_until_every_product_was_told_once() -> None:
    book, told = many(2 * PAGE + 7), []
    effects = put("locations", "DC1", book)
    for _ in range(3):
        asks = commands(effects)
        told += [ask.key for ask in asks if ask.type == "stock.set-rules"]
        rest: list[Any] = [ask.record for ask in asks if ask.type == "channel.document"]
        effects = handed_in(rest[0], book) if rest else effects
    assert told == sorted(told) and len(set(told)) == len(told) == 2 * PAGE + 7


def test_a_continuation_has_a_receipt_of_its_own_and_is_no_part_of_the_first() -> None:
    ask = commands(put("locations", "DC1", many(PAGE + 1)))[-1]
    assert (ask.receipt, ask.record["receipt"]) == ("", "R~")


def test_the_rules_can_be_written_as_their_record() -> None:
    (ask,) = commands(put("products", "RULED", rows(**BOOK)))
    name = "wharf.inventory.v1.SetStockRules"
    assert wire.decode(wire.encode(name, dict(ask.record)))[1] == ask.record


def test_the_agent_reads_documents_and_sees_all_reference_data_it_asks_for() -> None:
    wanted = {"products", "cross-references", "units", "partners", "customers", "locations", "subscriptions"}
    assert normalize.reads == ("channel.documents",) and normalize.table is None
    assert {name.partition(".")[2] for name in normalize.references} == wanted
