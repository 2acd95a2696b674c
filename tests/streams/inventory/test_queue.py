"""Those who wait are served by rank, then age; ship-complete holders are woken one at a time."""

from __future__ import annotations

import pytest

from streams.inventory.queue import FILLED, WAKE_MS
from tests.streams.inventory.shelf import Shelf


def waiting_for(**wanted: int) -> Shelf:
    """An empty shelf and who waits for it, in this order."""
    shelf = Shelf(DC1=0)
    for holder, units in wanted.items():
        shelf.reserve(holder, {"1": units}, wait=True)
    return shelf


def complete_for(**wanted: int) -> Shelf:
    """An empty shelf and the ship-complete holders that wait for it."""
    shelf = Shelf(DC1=0)
    for holder, units in wanted.items():
        shelf.reserve(holder, {"1": units}, mode="whole", wait=True)
    return shelf


def woken(shelf: Shelf) -> str:
    [wake] = shelf.asks("order.stock-wake")
    found: str = wake["order_id"]
    return found


def test_a_backorder_holds_what_is_there_and_waits_for_the_rest() -> None:
    shelf = Shelf(DC1=35)
    shelf.reserve("R-900", {"1": 36}, wait=True)
    [answer] = shelf.asks("order.stock-answer")
    [line] = answer["lines"]
    assert (answer["state"], line["reserved"], line["waiting"], line["missing"]) == ("partial", 35, 1, 0)


def test_supply_goes_to_who_waited_longest() -> None:
    shelf = waiting_for(FIRST=3, SECOND=3)
    shelf.report("received", "DC1", 4)
    assert (shelf.held("FIRST"), shelf.held("SECOND"), shelf.available()) == (3, 1, 0)


def test_rank_goes_before_age() -> None:
    shelf = waiting_for(FIRST=3)
    shelf.reserve("URGENT", {"1": 2}, wait=True, rank=1)
    shelf.report("received", "DC1", 3)
    assert (shelf.held("URGENT"), shelf.held("FIRST")) == (2, 1)


def test_who_waited_hears_absolute_numbers_under_a_later_version() -> None:
    shelf = waiting_for(FIRST=3)
    [before] = shelf.asks("order.stock-answer")
    shelf.report("received", "DC1", 2)
    [after] = shelf.asks("order.stock-answer")
    [line] = after["lines"]
    assert (after["state"], line["reserved"], line["waiting"], after["version"] > before["version"]) == (
        "partial",
        2,
        1,
        True,
    )


@pytest.mark.parametrize("cause", ["release", "expiry", "rules", "cleared", "count"])
def test_whatever_frees_stock_serves_who_waits(cause: str) -> None:
    shelf = Shelf()
    shelf.rules(safety={"DC1": 4})
    shelf.count("DC1", 9, unsellable=2)
    shelf.reserve("OTHER", {"1": 3}, holder_kind="cart")
    shelf.reserve("PO-7", {"1": 1}, wait=True)
    assert shelf.held("PO-7") == 0
    {
        "release": lambda: shelf.release("OTHER"),
        "expiry": lambda: shelf.due("expire|OTHER"),
        "rules": lambda: shelf.rules(),
        "cleared": lambda: shelf.report("cleared", "DC1", 2),
        "count": lambda: shelf.count("DC1", 20),
    }[cause]()
    assert shelf.held("PO-7") == 1


def test_a_waiter_of_another_channel_is_passed() -> None:
    shelf = Shelf(A=0, B=0)
    shelf.rules(channels=({"channel": "east", "locations": ["A"]}, {"channel": "west", "locations": ["B"]}))
    shelf.reserve("EAST", {"1": 1}, channel="east", wait=True)
    shelf.reserve("WEST", {"1": 1}, channel="west", wait=True)
    shelf.report("received", "B", 1)
    assert (shelf.held("EAST"), shelf.held("WEST")) == (0, 1)


def test_a_long_queue_is_served_in_bounded_steps_and_none_is_forgotten() -> None:
    shelf = waiting_for(**{f"PO-{index:03d}": 1 for index in range(FILLED + 5)})
    shelf.report("received", "DC1", FILLED + 5)
    assert (shelf.rows["sku"]["waiting"], "fill" in shelf.timers) == (5, True)
    shelf.due("fill")
    assert (shelf.rows["sku"]["waiting"], "fill" in shelf.timers, shelf.available()) == (0, False, 0)


def test_going_on_where_nobody_waits_is_ignored_by_name() -> None:
    shelf = Shelf(DC1=5)
    shelf.send("stock.fill-waiting", {"sku": "DRILL-18V"})
    assert shelf.reason() == "nobody_waits"


def test_a_ship_complete_holder_that_waits_holds_nothing() -> None:
    shelf = complete_for(BIG=10)
    shelf.report("received", "DC1", 4)
    assert (shelf.held("BIG"), shelf.available(), shelf.asks("order.stock-wake")) == (0, 4, [])


def test_a_ship_complete_holder_is_woken_when_all_of_it_fits() -> None:
    shelf = complete_for(BIG=10)
    shelf.report("received", "DC1", 10)
    assert (woken(shelf), shelf.held("BIG"), shelf.timers["wake"].due) == ("BIG", 0, shelf.stage.now + WAKE_MS)


def test_it_is_woken_at_once_where_supply_was_there_already() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("BIG", {"1": 10}, mode="whole", wait=True)
    assert (shelf.state(), woken(shelf)) == ("partial", "BIG")


def test_one_that_does_not_fit_lets_the_next_be_woken() -> None:
    shelf = complete_for(BIG=10, SMALL=3)
    shelf.report("received", "DC1", 4)
    assert woken(shelf) == "SMALL"


def test_only_one_is_woken_at_a_time() -> None:
    shelf = complete_for(FIRST=2, SECOND=2)
    shelf.report("received", "DC1", 4)
    assert woken(shelf) == "FIRST"
    shelf.report("received", "DC1", 4)
    assert shelf.asks("order.stock-wake") == []


def test_the_woken_holder_takes_the_stock_and_the_next_is_woken() -> None:
    shelf = complete_for(FIRST=2, SECOND=2)
    shelf.report("received", "DC1", 4)
    [wake] = shelf.asks("order.stock-wake")
    shelf.reserve("FIRST", {"1": 2}, attempt=2, mode="whole", wake_id=wake["wake_id"])
    assert (shelf.held("FIRST"), shelf.facts("inventory.wake.ended")[0]["outcome"], woken(shelf)) == (
        2,
        "answered",
        "SECOND",
    )


def test_a_holder_that_declines_leaves_the_queue() -> None:
    shelf = complete_for(FIRST=2, SECOND=2)
    shelf.report("received", "DC1", 4)
    [wake] = shelf.asks("order.stock-wake")
    shelf.send("stock.wake-answer", {"sku": "DRILL-18V", "holder": "FIRST", "wake_id": wake["wake_id"]})
    assert (woken(shelf), shelf.standing("FIRST")["ticket"], shelf.rows["sku"]["waiting"]) == ("SECOND", "", 2)


def test_a_holder_that_does_not_answer_goes_to_the_end_of_its_rank() -> None:
    shelf = complete_for(FIRST=2, SECOND=2)
    shelf.report("received", "DC1", 4)
    shelf.due("wake")
    assert (woken(shelf), shelf.facts("inventory.wake.ended")[0]["outcome"]) == ("SECOND", "overdue")
    shelf.due("wake")
    assert woken(shelf) == "FIRST"


def test_a_late_answer_to_a_wake_that_is_over_changes_nothing() -> None:
    shelf = complete_for(FIRST=2)
    shelf.report("received", "DC1", 4)
    [wake] = shelf.asks("order.stock-wake")
    shelf.release("FIRST")
    assert ("wake" in shelf.timers, shelf.rows["sku"]["woken"]) == (False, None)
    shelf.send("stock.wake-answer", {"sku": "DRILL-18V", "holder": "FIRST", "wake_id": wake["wake_id"]})
    assert shelf.reason() == "not_woken"
    shelf.send("stock.wake-overdue", {"sku": "DRILL-18V", "holder": "FIRST", "wake_id": wake["wake_id"]})
    assert shelf.reason() == "not_woken"


def test_those_behind_the_woken_one_leave_it_its_stock() -> None:
    shelf = complete_for(BIG=3)
    shelf.reserve("PO-8", {"1": 4}, wait=True)
    shelf.report("received", "DC1", 5)
    assert (woken(shelf), shelf.held("PO-8"), shelf.available()) == ("BIG", 2, 3)


def test_a_woken_holder_whose_stock_is_gone_is_refused_and_may_queue_again() -> None:
    shelf = complete_for(BIG=3)
    shelf.report("received", "DC1", 3)
    shelf.reserve("FASTER", {"1": 1})
    shelf.reserve("BIG", {"1": 3}, attempt=2, mode="whole")
    assert (shelf.state(), shelf.held("BIG")) == ("refused", 0)
    shelf.release("BIG", attempt=2)
    shelf.reserve("BIG", {"1": 3}, attempt=3, mode="whole", wait=True)
    shelf.release("FASTER")
    assert woken(shelf) == "BIG"
