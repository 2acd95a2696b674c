"""Carts hold bundles: wholly, in whole ones, for a while, and until an order takes them over."""

from __future__ import annotations

from typing import Any

from schemas.generated import orders_v1 as v1
from tests.streams.bundles.workbench import KIT, Workbench, kits

MINUTE = 60_000


def _last(bench: Workbench, kind: str) -> Any:
    return [each.record for each in bench.topology.log("orders.events") if each.type == kind][-1]


def test_a_cart_holds_its_bundles_and_says_so_in_bundles() -> None:
    bench = Workbench(A=7, B=4)
    bench.hold("c-1", (KIT, 2), ("A", 1))
    lines = {line["sku"]: (line["reserved"], line["missing"]) for line in _last(bench, "cart.held")["lines"]}
    assert lines == {KIT: (2, 0), "A": (1, 0)}
    assert bench.ledger("A") == {("c-1~KIT", "1"): 4, ("c-1", "2"): 1}


def test_a_cart_that_wants_more_bundles_than_there_are_holds_nothing() -> None:
    bench = Workbench(A=7, B=4)
    bench.hold("c-1", (KIT, 4), ("A", 1))
    assert bench.cart("c-1")["step"] == "refused"
    assert (bench.ledger("A"), bench.ledger("B"), bench.all_offered()) == ({}, {}, (7, 4, 3))


def test_a_refused_cart_hears_how_many_bundles_it_could_have() -> None:
    bench = Workbench(A=7, B=4)
    bench.hold("c-1", (KIT, 4))
    (line,) = _last(bench, "cart.refused")["lines"]
    assert (line["missing"], line["available"]) == (4, 3)


def test_a_cart_that_takes_a_part_gets_whole_bundles() -> None:
    bench = Workbench(A=7, B=4)
    bench.hold("c-1", (KIT, 4), allow_partial=True)
    (line,) = _last(bench, "cart.held")["lines"]
    assert (line["reserved"], line["missing"], bench.ledger("A")) == (3, 1, {("c-1~KIT", "1"): 6})


def test_a_cart_of_bundles_ends_by_its_time_and_gives_all_components_back() -> None:
    bench = Workbench(A=7, B=4)
    bench.hold("c-1", (KIT, 3))
    bench.topology.advance(15 * MINUTE + 1_000)
    assert (bench.cart("c-1")["step"], bench.all_offered()) == ("expired", (7, 4, 3))


def test_an_extension_holds_all_components_longer() -> None:
    bench = Workbench(A=7, B=4)
    bench.hold("c-1", (KIT, 3))
    bench.send("cart.extend", "c-1", v1.extend_cart(reservation="c-1", expires_in=3_600))
    assert bench.cart("c-1")["expires_at"] == bench.topology.now + 60 * MINUTE
    bench.topology.advance(59 * MINUTE)
    assert (bench.cart("c-1")["step"], bench.all_offered()) == ("held", (1, 1, 0))
    bench.topology.advance(2 * MINUTE)
    assert (bench.cart("c-1")["step"], bench.all_offered()) == ("expired", (7, 4, 3))


def test_an_order_takes_a_carts_bundles_over_and_nothing_is_held_twice() -> None:
    bench = Workbench(A=6, B=3)
    bench.hold("c-1", (KIT, 3))
    bench.place("o-1", kits("1", 3), reservation="c-1", backorder=False)
    assert (bench.line("o-1"), bench.cart("c-1")["step"]) == ({"released": 3}, "taken")
    assert (bench.ledger("A"), bench.ledger("B")) == ({("o-1~KIT", "1"): 6}, {("o-1~KIT", "1"): 3})


def test_what_an_order_does_not_take_of_a_cart_is_free_when_its_time_is_over() -> None:
    bench = Workbench(A=6, B=3)
    bench.hold("c-1", (KIT, 3))
    bench.place("o-1", kits("1", 1), reservation="c-1")
    assert bench.all_offered() == (0, 0, 0)
    bench.topology.advance(16 * MINUTE)
    assert (bench.line("o-1"), bench.all_offered()) == ({"released": 1}, (4, 2, 2))


def test_a_stranger_does_not_get_what_a_cart_holds() -> None:
    bench = Workbench(A=6, B=3)
    bench.hold("c-1", (KIT, 3))
    bench.place("o-1", kits("1", 1), backorder=False)
    assert bench.line("o-1") == {"rejected": 1}


def test_a_cart_given_back_serves_an_order_that_waits() -> None:
    bench = Workbench(A=6, B=3)
    bench.hold("c-1", (KIT, 3))
    bench.place("o-1", kits("1", 2))
    bench.send("cart.release", "c-1", v1.release_cart(reservation="c-1", reason="abandoned"))
    assert bench.line("o-1") == {"released": 2}
