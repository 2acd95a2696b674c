"""What is offered of a bundle follows its components, and its recipe."""

from __future__ import annotations

from tests.streams.bundles.workbench import KIT, Workbench


def test_v15_a_bundle_offers_the_least_that_its_components_make() -> None:
    assert Workbench(A=7, B=4).all_offered() == (7, 4, 3)


def test_v15_a_bundle_held_lowers_its_components_and_a_cancel_brings_all_back_exactly() -> None:
    bench = Workbench(A=7, B=4)
    bench.hold("c-1", (KIT, 1))
    assert bench.all_offered() == (5, 3, 2)
    bench.send("cart.release", "c-1", {"reservation": "c-1", "reason": "cancelled"})
    assert bench.all_offered() == (7, 4, 3)
