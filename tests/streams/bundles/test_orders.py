"""Orders of bundles: held whole or not, beside plain lines, shipped, cancelled, waiting."""

from __future__ import annotations

from tests.streams.bundles.workbench import KIT, Workbench, kits
from tests.streams.orders.shop import item


def test_an_order_of_bundles_holds_their_components_under_its_line() -> None:
    bench = Workbench(A=7, B=4)
    bench.place("o-1", kits("1", 3))
    assert bench.line("o-1") == {"released": 3}
    assert (bench.ledger("A"), bench.ledger("B")) == ({("o-1~KIT", "1"): 6}, {("o-1~KIT", "1"): 3})
    assert bench.all_offered() == (1, 1, 0)


def test_a_bundle_and_a_plain_line_of_its_component_share_the_stock() -> None:
    bench = Workbench(A=7, B=4)
    bench.place("o-1", item("1", "A", 3), kits("2", 2))
    assert (bench.line("o-1", "1"), bench.line("o-1", "2")) == ({"released": 3}, {"released": 2})
    assert bench.ledger("A") == {("o-1", "1"): 3, ("o-1~KIT", "2"): 4}


def test_a_bundle_is_never_half_held() -> None:
    bench = Workbench(A=7, B=2)
    bench.place("o-1", kits("1", 3))
    assert bench.line("o-1") == {"released": 2, "backordered": 1}
    assert (bench.ledger("A"), bench.ledger("B")) == ({("o-1~KIT", "1"): 4}, {("o-1~KIT", "1"): 2})
    assert bench.offered("A") == 3, "the A that was looked at for the third bundle is free again"


def test_what_is_missing_is_refused_where_nothing_may_wait() -> None:
    bench = Workbench(A=7, B=2)
    bench.place("o-1", kits("1", 3), backorder=False)
    assert bench.line("o-1") == {"released": 2, "rejected": 1}


def test_an_order_of_which_no_bundle_can_be_made_is_rejected_where_nothing_may_wait() -> None:
    bench = Workbench(A=1, B=4)
    bench.place("o-1", kits("1", 3), backorder=False)
    assert (bench.line("o-1"), bench.all_offered()) == ({"rejected": 3}, (1, 4, 0))


def test_bundles_that_wait_are_held_when_the_last_component_comes() -> None:
    bench = Workbench(A=7, B=1)
    bench.place("o-1", kits("1", 3))
    bench.receive("B", 1)
    assert bench.line("o-1") == {"released": 2, "backordered": 1}
    bench.receive("B", 5)
    assert (bench.line("o-1"), bench.all_offered()) == ({"released": 3}, (1, 4, 0))


def test_those_who_wait_for_bundles_are_served_by_rank_then_age() -> None:
    bench = Workbench(A=20, B=0)
    for order, rank in (("late", 100), ("urgent", 1), ("later", 100)):
        bench.place(order, kits("1", 2), priority=rank)
        bench.topology.advance(1)
    bench.receive("B", 3)
    assert (bench.line("urgent"), bench.line("late")) == ({"released": 2}, {"released": 1, "backordered": 1})
    assert bench.line("later") == {"backordered": 2}


def test_a_component_serves_its_own_queue_before_bundles() -> None:
    bench = Workbench(A=20, B=0)
    bench.place("kits", kits("1", 2))
    bench.place("plain", item("1", "B", 2))
    bench.receive("B", 3)
    assert (bench.line("plain"), bench.line("kits")) == ({"released": 2}, {"released": 1, "backordered": 1})


def test_two_orders_compete_for_the_last_component_and_a_cancel_serves_the_other() -> None:
    bench = Workbench(A=4, B=1)
    bench.place("o-1", kits("1", 1))
    bench.place("o-2", kits("1", 1))
    assert (bench.line("o-1"), bench.line("o-2")) == ({"released": 1}, {"backordered": 1})
    bench.cancel("o-1")
    assert (bench.line("o-1"), bench.line("o-2")) == ({"cancelled": 1}, {"released": 1})
    assert (bench.ledger("A"), bench.ledger("B")) == ({("o-2~KIT", "1"): 2}, {("o-2~KIT", "1"): 1})


def test_a_cancel_of_some_bundles_gives_their_components_back() -> None:
    bench = Workbench(A=7, B=4)
    bench.place("o-1", kits("1", 3))
    bench.cancel("o-1", l1=2)
    assert bench.line("o-1") == {"cancelled": 2, "released": 1}
    assert bench.all_offered() == (5, 3, 2)


def test_a_cancel_of_what_waits_takes_nothing_from_what_is_held() -> None:
    bench = Workbench(A=7, B=2)
    bench.place("o-1", kits("1", 3))
    bench.cancel("o-1", l1=1)
    bench.receive("B", 9)
    assert (bench.line("o-1"), bench.ledger("B")) == ({"cancelled": 1, "released": 2}, {("o-1~KIT", "1"): 2})


def test_a_ship_complete_order_of_bundles_and_a_plain_line_waits_without_a_hold() -> None:
    bench = Workbench(A=7, B=1)
    bench.receive("C", 5)
    bench.place("o-1", kits("1", 2), item("2", "C", 5), ship_complete=True)
    assert (bench.ledger("A"), bench.ledger("B"), bench.ledger("C")) == ({}, {}, {})
    bench.receive("B", 1)
    assert (bench.line("o-1", "1"), bench.line("o-1", "2")) == ({"released": 2}, {"released": 5})


def test_a_ship_complete_order_that_is_short_elsewhere_leaves_the_bundles_to_others() -> None:
    bench = Workbench(A=4, B=2)
    bench.receive("C", 1)
    bench.place("o-1", kits("1", 2), item("2", "C", 5), ship_complete=True)
    bench.place("o-2", kits("1", 1))
    bench.receive("C", 4)
    assert bench.line("o-2") == {"released": 1}
    assert (bench.line("o-1", "1"), bench.ledger("C")) == ({"backordered": 2}, {})
    bench.cancel("o-2")
    assert (bench.line("o-1", "1"), bench.line("o-1", "2")) == ({"released": 2}, {"released": 5})


def test_two_bundles_of_shared_components_never_refuse_each_other_the_last_ones() -> None:
    bench = Workbench(A=2, B=1, C=1)
    bench.make({"A": 1, "C": 1}, sku="SET")
    bench.place("o-1", kits("1", 1), backorder=False)
    bench.place("o-2", kits("1", 1, {"A": 1, "C": 1}, "SET"), backorder=False)
    assert (bench.line("o-1"), bench.line("o-2")) == ({"released": 1}, {"rejected": 1})


def test_an_order_that_is_changed_to_more_bundles_holds_more() -> None:
    bench = Workbench(A=7, B=4)
    bench.place("o-1", kits("1", 1))
    bench.place("o-1", kits("1", 3), fingerprint="f2", changed_resend="change")
    assert (bench.line("o-1"), bench.ledger("A")) == ({"released": 3}, {("o-1~KIT", "1"): 6})
    bench.place("o-1", kits("1", 2), fingerprint="f3", changed_resend="change")
    assert (bench.line("o-1"), bench.ledger("A")) == ({"released": 2}, {("o-1~KIT", "1"): 4})


def test_a_product_line_that_is_no_bundle_never_asks_the_bundles() -> None:
    bench = Workbench(A=7, B=4)
    before = len(bench.topology.log("bundles.commands"))
    bench.place("o-1", item("1", "A", 1))
    told = {each.type for each in bench.topology.log("bundles.commands")[before:]}
    assert told == {"bundle.component-changed"}


def test_a_location_that_has_all_components_is_where_the_bundles_are_released() -> None:
    bench = Workbench(A=0)
    for sku, place, units in (("A", "DC1", 2), ("B", "DC1", 1), ("A", "YARD", 2), ("B", "DOCK", 1)):
        bench.receive(sku, units, place)
    bench.place("o-1", kits("1", 2))
    (released,) = [each.record for each in bench.topology.log("orders.events") if each.type == "order.released"]
    assert {(line["location"], line["quantity"]) for line in released["lines"]} == {("DC1", 1), ("", 1)}


def test_no_command_dies_of_all_this() -> None:
    bench = Workbench(A=7, B=4)
    bench.place("o-1", kits("1", 3), item("2", KIT, 1))
    mailboxes = ("orders.commands", "inventory.commands", "bundles.commands", "shipments.commands")
    assert [bench.topology.dead(mailbox) for mailbox in mailboxes] == [[], [], [], []]
