"""A bundle's recipe changes, or it is a bundle no more; who has one keeps what it was sold as."""

from __future__ import annotations

from tests.streams.bundles.workbench import KIT, Workbench, kits


def test_a_new_recipe_offers_what_can_be_made_by_it() -> None:
    bench = Workbench(A=7, B=4, C=1)
    bench.make({"A": 1, "C": 1})
    assert bench.offered() == 1
    bench.receive("C", 9)
    assert bench.offered() == 7


def test_a_component_that_is_none_any_more_is_listened_to_no_more() -> None:
    bench = Workbench(A=7, B=4)
    bench.make({"A": 2})
    bench.receive("B", 1)
    assert bench.offered() == 3
    assert bench.topology.rows("inventory", "acme", "B")["sku"]["watchers"] == 0


def test_an_open_order_keeps_the_recipe_it_was_taken_with() -> None:
    bench = Workbench(A=7, B=4)
    bench.place("o-1", kits("1", 2))
    bench.make({"A": 1, "C": 1})
    bench.dispatch("o-1", ("1", KIT, 2))
    assert (bench.line("o-1"), bench.on_hand("A"), bench.on_hand("B")) == ({"shipped": 2}, 3, 2)


def test_an_order_that_waits_is_served_by_the_recipe_it_was_taken_with() -> None:
    bench = Workbench(A=7, B=0)
    bench.place("o-1", kits("1", 2))
    bench.make({"A": 1})
    bench.receive("B", 2)
    assert (bench.line("o-1"), bench.ledger("B")) == ({"released": 2}, {("o-1~KIT", "1"): 2})


def test_an_open_orders_cancel_gives_back_what_it_was_sold_as() -> None:
    bench = Workbench(A=7, B=4)
    bench.place("o-1", kits("1", 2))
    bench.make({"A": 1})
    bench.cancel("o-1")
    assert bench.all_offered() == (7, 4, 7)


def test_a_bundle_that_is_none_any_more_offers_its_own_stock() -> None:
    bench = Workbench(A=7, B=4)
    bench.receive(KIT, 5)
    assert bench.offered() == 3, "what lies there by the bundle's own number is not offered beside what can be made"
    bench.make({})
    assert bench.offered() == 5
    bench.receive("A", 10)
    assert bench.offered() == 5


def test_a_product_that_becomes_a_bundle_goes_on_counting_its_versions() -> None:
    bench = Workbench(A=7, B=4)
    for parts in ({}, {"A": 1}, {}, {"A": 7}):
        bench.make(parts)
    told = [each.record for each in bench.topology.log("inventory.availability") if each.record["sku"] == KIT]
    versions = [record["version"] for record in told]
    assert versions == sorted(set(versions))
    assert bench.offered() == 1


def test_an_older_recipe_that_comes_late_changes_nothing() -> None:
    bench = Workbench(A=7, B=4)
    bench.told = -2
    bench.make({"A": 1})
    assert bench.offered() == 3


def test_nothing_is_made_of_a_bundle() -> None:
    bench = Workbench(A=7, B=4)
    bench.make({KIT: 1}, sku="BOX")
    assert bench.offered("BOX") == 0


def test_of_a_component_that_nobody_has_reported_nothing_is_made() -> None:
    bench = Workbench(A=7)
    bench.make({"A": 1, "NEW": 1})
    assert bench.offered() == 0
    bench.receive("NEW", 2)
    assert bench.offered() == 2


def test_the_same_recipe_again_announces_nothing() -> None:
    bench = Workbench(A=7, B=4)
    before = len(bench.topology.log("inventory.availability"))
    bench.make()
    assert (bench.offered(), len(bench.topology.log("inventory.availability"))) == (3, before)


def test_a_component_that_changes_without_limiting_announces_no_bundle() -> None:
    bench = Workbench(A=7, B=4)
    before = len([each for each in bench.topology.log("inventory.availability") if each.record["sku"] == KIT])
    bench.receive("B", 10)
    told = [each.record for each in bench.topology.log("inventory.availability") if each.record["sku"] == KIT]
    assert (told[-1]["default_quantity"], len(told)) == (3, before)
