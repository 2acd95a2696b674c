"""Why a bundle's number is what it is: its components, and the one of which there is least."""

from __future__ import annotations

from schemas.generated import inventory_v1
from tables.inventory.evidence import Evidence
from tables.inventory.explanation import Explanation, explain
from tables.inventory.shadow import Shadow
from tests.streams.bundles.workbench import KIT, Workbench


def explained(bench: Workbench, channel: str = "") -> Explanation:
    """By the facts in the log, as `wharf availability explain` does."""
    shadow = Shadow(Evidence())
    for message in bench.topology.log("inventory.events"):
        if message.key == KIT:
            shadow.take(message.envelope, message.record)
    return explain(KIT, shadow, channel)


def test_each_component_is_named_and_so_is_the_one_that_limits() -> None:
    said = [term.detail for term in explained(Workbench(A=7, B=4)).terms if term.amount == 0]
    assert said == ["7 of A, 2 in one bundle: 3; there is least of it", "4 of B, 1 in one bundle: 4"]


def test_the_terms_add_up_also_where_the_components_lie_apart() -> None:
    bench = Workbench(A=2, B=0)
    bench.receive("B", 1, "YARD")
    found = explained(bench)
    assert (found.quantity, sum(term.amount for term in found.terms)) == (1, 1)


def test_the_bundles_own_rules_are_terms_of_it() -> None:
    bench = Workbench(A=20, B=20)
    bench.make(channels=[inventory_v1.channel_rule(channel="field", units=4)])
    found = explained(bench, "field")
    assert found.quantity == 6 == bench.offered(KIT, "field")
    assert ("channel_units", -4) in [(term.code, term.amount) for term in found.terms]


def test_a_channel_that_may_not_sell_the_bundle_is_offered_none() -> None:
    bench = Workbench(A=20, B=20)
    bench.make(channels=[inventory_v1.channel_rule(channel="field", excluded=True)])
    assert (bench.offered(KIT, "field"), bench.offered(KIT)) == (0, 10)


def test_a_bundles_thresholds_are_crossed_by_its_components() -> None:
    bench = Workbench(A=20, B=20)
    bench.make(thresholds=[inventory_v1.threshold(kind="low", at=5, clear=8)])
    bench.hold("c-1", ("A", 10))
    told = [
        each.record for each in bench.topology.log("inventory.events") if each.type == "inventory.threshold.crossed"
    ]
    assert [(each["sku"], each["crossing"], each["value"]) for each in told] == [(KIT, "low", 5)]
