"""What the judge of stock sees: each fault that is planted has its name in the verdict."""

from __future__ import annotations

from dataclasses import replace

from ops.chaos.evidence import Entry, Evidence
from ops.chaos.market import Stock
from ops.chaos.stock_checks import CHECKS, last_shelves
from tests.ops.chaos.campaign import broken, forged, played, retold, without

OVERSOLD, SUMS, NUMBERS, FOLLOWS, CLOSED, QUEUED = CHECKS
SHORT = "SKU-00"


def scarce() -> Evidence:
    return played(Stock.SCARCE)


def reserved(fact: Entry) -> bool:
    return fact.type == "inventory.reserved"


def test_an_oversold_sku_is_named() -> None:
    sold = {sku: shelf.promised for sku, shelf in last_shelves(scarce()).items()}
    sku = max(sold, key=lambda each: sold[each])
    assert broken(replace(scarce(), supply={**scarce().supply, sku: sold[sku] - 1})) == {OVERSOLD}


def test_a_grant_beyond_what_is_there_is_named() -> None:
    fact = next(fact for fact in scarce().of("inventory.events") if reserved(fact))
    entries = [{**row, "reserved": 10_000} for row in fact.record["entries"]]
    assert OVERSOLD in broken(retold(scarce(), "inventory.events", lambda each: each is fact, entries=entries))


def test_goods_that_left_twice_are_named() -> None:
    sent = {sku: 2 * units + 1 for sku, units in scarce().supply.items()}
    assert broken(replace(scarce(), shipped=sent)) == {OVERSOLD}


def test_a_position_that_is_not_the_sum_of_its_ledger_is_named() -> None:
    fact = next(fact for fact in scarce().of("inventory.events") if reserved(fact))
    positions = [{**place, "reserved": place["reserved"] + 1} for place in fact.record["positions"]]
    assert SUMS in broken(retold(scarce(), "inventory.events", lambda each: each is fact, positions=positions))


def test_a_lost_fact_is_named() -> None:
    assert NUMBERS in broken(without(scarce(), "inventory.events", reserved))


def test_an_availability_that_does_not_follow_is_named() -> None:
    said = scarce().of("inventory.availability")[-1].record
    wrong = retold(scarce(), "inventory.availability", lambda _: True, default_quantity=said["default_quantity"] + 1)
    assert FOLLOWS in broken(wrong)


def test_an_availability_of_no_version_is_named() -> None:
    assert FOLLOWS in broken(retold(scarce(), "inventory.availability", lambda _: True, version=10**9))


def test_a_version_that_goes_back_is_named() -> None:
    first = scarce().of("inventory.availability")[0]
    assert broken(forged(scarce(), "inventory.availability", lambda told: [*told, first])) >= {FOLLOWS}


def test_stock_that_is_held_for_an_order_that_is_over_is_named() -> None:
    evidence = without(scarce(), "inventory.events", lambda fact: fact.type == "inventory.reservation.shipped")
    assert CLOSED in broken(evidence)


def test_an_order_that_waits_and_is_not_queued_is_named() -> None:
    def dequeued(facts: list[Entry]) -> list[Entry]:
        return [fact._replace(record={**fact.record, "standings": []}) for fact in facts]

    assert QUEUED in broken(forged(scarce(), "inventory.events", dequeued))


def test_stock_that_lies_there_while_somebody_waits_is_named() -> None:
    partial = {order.id for order in scarce().asked.values() if not order.ship_complete}
    waiting = {
        sku: {who for who, units in shelf.waiting.items() if units} for sku, shelf in last_shelves(scarce()).items()
    }
    sku = next(sku for sku, who in waiting.items() if who & partial)
    lying = retold(scarce(), "inventory.availability", lambda each: each.key == sku, default_quantity=9)
    assert QUEUED in broken(lying)


def test_a_calm_campaign_breaks_nothing_and_is_scarce() -> None:
    assert [list(check(scarce())) for check in CHECKS.values()] == [[]] * len(CHECKS)
    assert any(any(shelf.waiting.values()) for shelf in last_shelves(scarce()).values())
