"""What the judge of the log and its copies sees; and a run whose end is another than the calm one's."""

from __future__ import annotations

from dataclasses import replace

from ops.chaos.evidence import Entry, Evidence, Violation
from ops.chaos.log_checks import CHECKS
from ops.chaos.market import Stock
from ops.chaos.verdict import SAME, differences, violations
from tests.ops.chaos.campaign import broken, forged, played, retold

TWICE, DEAD, REDIS = CHECKS


def ample() -> Evidence:
    return played(Stock.AMPLE)


def test_a_record_that_was_decided_twice_is_named() -> None:
    commands = ample().of("inventory.commands")
    decided = next(entry for entry in commands if entry.source == "wharf/orders")
    assert broken(forged(ample(), "inventory.commands", lambda told: [*told, decided])) == {TWICE}


def test_what_the_gateway_says_again_may_be_decided_again() -> None:
    asked = ample().of("orders.commands")[0]
    document = next(entry for entry in ample().of("channel.documents") if entry.id == asked.causation)
    twice = forged(ample(), "channel.documents", lambda told: [*told, document])
    assert broken(forged(twice, "orders.commands", lambda told: [*told, asked])) == set()


def test_a_dead_letter_is_named() -> None:
    letter = ample().of("orders.commands")[0]._replace(topic="orders.commands.dead")
    found = violations(forged(ample(), "orders.commands.dead", lambda _: [letter]))
    assert [violation.invariant for violation in found] == [DEAD]


def test_a_redis_that_is_behind_is_named() -> None:
    sku, body = next(iter(ample().cache.items()))
    assert broken(replace(ample(), cache={**ample().cache, sku: {**body, "version": 1}})) == {REDIS}
    assert broken(replace(ample(), cache={each: ample().cache[each] for each in ample().cache if each != sku})) == {
        REDIS
    }


def test_the_same_end_has_no_differences() -> None:
    assert differences(ample(), ample()) == []


def test_an_order_that_ended_otherwise_is_named_with_its_place() -> None:
    run = retold(ample(), "orders.events", lambda fact: fact.type == "order.status.changed", new="delivered")
    order_id = [fact for fact in ample().of("orders.events") if fact.type == "order.status.changed"][-1].key
    assert differences(ample(), run) == [Violation(SAME, f"order /{order_id}/0: 'completed' became 'delivered'")]


def test_a_lost_document_is_a_difference() -> None:
    run = replace(ample(), erp=ample().erp[1:])
    assert [found.shown.partition(" ")[0] for found in differences(ample(), run)] == ["ERP"]


def test_another_availability_is_a_difference() -> None:
    run = retold(ample(), "inventory.availability", lambda _: True, default_quantity=1)
    assert [found.shown.partition(" ")[0] for found in differences(ample(), run)] == ["availability"]


def test_a_view_that_tells_less_is_a_difference() -> None:
    def silent(told: list[Entry]) -> list[Entry]:
        return told[:-1]

    run = forged(ample(), "channels.feed", silent)
    assert [found.shown.partition(" ")[0] for found in differences(ample(), run)] == ["view"]


def test_clocks_and_counters_are_no_difference() -> None:
    assert differences(ample(), retold(ample(), "inventory.availability", lambda _: True, version=99, as_of=1)) == []
