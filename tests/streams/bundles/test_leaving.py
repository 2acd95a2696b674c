"""Bundles leave: told as bundles, or by the components that they are made of."""

from __future__ import annotations

from tests.streams.bundles.workbench import KIT, Workbench, kits
from tests.streams.orders.shop import item


def test_a_despatch_of_bundles_lowers_the_stock_of_their_components() -> None:
    bench = Workbench(A=7, B=4)
    bench.place("o-1", kits("1", 3))
    bench.dispatch("o-1", ("1", KIT, 2))
    assert bench.line("o-1") == {"shipped": 2, "released": 1}
    assert (bench.on_hand("A"), bench.on_hand("B")) == (3, 2)
    assert (bench.ledger("A"), bench.ledger("B")) == ({("o-1~KIT", "1"): 2}, {("o-1~KIT", "1"): 1})
    assert bench.all_offered() == (1, 1, 0)


def test_a_despatch_told_twice_leaves_once() -> None:
    bench = Workbench(A=7, B=4)
    bench.place("o-1", kits("1", 3))
    bench.dispatch("o-1", ("1", KIT, 2))
    bench.dispatch("o-1", ("1", KIT, 2))
    assert (bench.line("o-1"), bench.on_hand("A")) == ({"shipped": 2, "released": 1}, 3)


def test_a_despatch_that_names_the_components_counts_the_bundles_that_are_whole() -> None:
    bench = Workbench(A=7, B=4)
    bench.place("o-1", kits("1", 3))
    bench.dispatch("o-1", ("1", "A", 4), ("1", "B", 1))
    assert bench.line("o-1") == {"shipped": 1, "released": 2}
    assert (bench.on_hand("A"), bench.on_hand("B")) == (3, 3)


def test_a_bundle_whose_components_leave_one_after_another_is_shipped_with_the_last() -> None:
    bench = Workbench(A=7, B=4)
    bench.place("o-1", kits("1", 1))
    bench.dispatch("o-1", ("", "A", 2), shipment="S-1")
    assert (bench.line("o-1"), bench.on_hand("A"), bench.ledger("A")) == ({"released": 1}, 5, {})
    bench.dispatch("o-1", ("", "B", 1), shipment="S-2")
    assert (bench.line("o-1"), bench.on_hand("B"), bench.ledger("B")) == ({"shipped": 1}, 3, {})
    assert bench.all_offered() == (5, 3, 2)


def test_a_component_that_a_plain_line_has_too_left_for_the_plain_line() -> None:
    bench = Workbench(A=7, B=4)
    bench.place("o-1", item("1", "A", 2), kits("2", 1))
    bench.dispatch("o-1", ("", "A", 2))
    assert (bench.line("o-1", "1"), bench.line("o-1", "2")) == ({"shipped": 2}, {"released": 1})


def test_a_despatch_that_is_faster_than_its_order_is_joined() -> None:
    bench = Workbench(A=7, B=4)
    bench.dispatch("o-1", ("1", KIT, 1))
    bench.place("o-1", kits("1", 1))
    assert bench.line("o-1") == {"shipped": 1}
    assert (bench.on_hand("A"), bench.ledger("A"), bench.ledger("B")) == (5, {}, {})


def test_a_bundle_shipped_though_it_waited_waits_no_more() -> None:
    bench = Workbench(A=7, B=0)
    bench.place("o-1", kits("1", 1))
    bench.dispatch("o-1", ("1", KIT, 1))
    bench.receive("B", 5)
    assert (bench.line("o-1"), bench.ledger("A"), bench.ledger("B")) == ({"shipped": 1}, {}, {})


def test_a_cancel_after_a_part_has_left_gives_back_the_rest_only() -> None:
    bench = Workbench(A=7, B=4)
    bench.place("o-1", kits("1", 3))
    bench.dispatch("o-1", ("1", KIT, 1))
    bench.cancel("o-1")
    assert (bench.line("o-1"), bench.ledger("A")) == ({"shipped": 1, "cancelled": 2}, {})
    assert bench.all_offered() == (5, 3, 2)
