"""Announced supply: what is to come, and how receipts fulfil it."""

from __future__ import annotations

from itertools import permutations

import pytest

from tables.inventory.ledger import KEPT_MS
from tables.inventory.promise import by_date
from tables.inventory.supply import expected
from tables.rows import DictRows
from tests.streams.inventory.shelf import Shelf

DAY = 86_400_000


def promised(shelf: Shelf, *days: int) -> list[int]:
    """What the portal can be promised for these days from now."""
    rows, now = DictRows(shelf.rows), shelf.stage.now
    return by_date(shelf.rows["sku"], list(expected(rows)), "portal", [now + day * DAY for day in days])


def test_announced_supply_is_promised_from_its_date_and_not_for_sale_before() -> None:
    shelf = Shelf(DC1=5)
    shelf.announce("PO-77", 50, due=shelf.stage.now + 3 * DAY, kind="PO_SHIPPED")
    assert (shelf.available(), promised(shelf, 0, 2, 4), shelf.rows["sku"]["incoming"]) == (5, [5, 5, 55], 50)


def told(shelf: Shelf, channel: str = "") -> list[int]:
    """What readers were told last that can be promised from later moments on."""
    shown = shelf.shown()
    own = [each["next"] for each in shown["channels"] if each["channel"] == channel]
    return [each["quantity"] for each in (own[0] if own else shown["default_next"])]


def test_readers_are_told_of_supply_when_it_is_announced_when_it_moves_and_when_it_came() -> None:
    shelf = Shelf(DC1=5)
    shelf.rules(channels=({"channel": "web", "percent_bp": 5_000},))
    shelf.announce("PO-77", 50, due=shelf.stage.now + 3 * DAY, kind="PO_SHIPPED", sequence=1)
    [changed] = shelf.facts("availability.changed")
    assert (told(shelf), told(shelf, "web"), changed["default_quantity"]) == ([55], [27], 5)
    shelf.announce("PO-77", 50, due=shelf.stage.now + 9 * DAY, kind="PO_SHIPPED", sequence=2)
    [moved] = shelf.facts("availability.changed")
    assert moved["default_next"][0]["due"] > changed["default_next"][0]["due"]
    shelf.report("received", "DC1", 50, supply="PO-77", event_id="in-1")
    assert (told(shelf), shelf.available()) == ([], 55)


def test_supply_that_nobody_may_be_promised_is_told_to_no_reader() -> None:
    shelf = Shelf(DC1=5)
    shelf.announce("PO-77", 50, due=shelf.stage.now + 3 * DAY, kind="PLAN")
    assert shelf.facts("availability.changed") == [] and told(shelf) == []


def test_rules_switch_on_what_may_be_promised() -> None:
    shelf = Shelf(DC1=5)
    shelf.announce("PO-77", 50, due=shelf.stage.now + 3 * DAY, kind="PO_CONFIRMED")
    shelf.rules(matrix={"ORDER_HOLD/PO_CONFIRMED": "yes"})
    assert told(shelf) == [55] and len(shelf.facts("availability.changed")) == 1


def test_a_receipt_fulfils_what_was_announced() -> None:
    shelf = Shelf(DC1=5)
    shelf.announce("PO-77", 50, due=shelf.stage.now + 3 * DAY, kind="PO_SHIPPED")
    shelf.report("received", "DC1", 20, supply="PO-77", event_id="in-1")
    assert (shelf.available(), shelf.rows["sku"]["incoming"], promised(shelf, 4)) == (25, 30, [55])


def test_a_receipt_delivered_twice_fulfils_once() -> None:
    shelf = Shelf(DC1=5)
    shelf.announce("PO-77", 50, due=10**13)
    for _ in range(2):
        shelf.report("received", "DC1", 20, supply="PO-77", event_id="in-1")
    assert (shelf.rows["sku"]["incoming"], shelf.available()) == (30, 25)


@pytest.mark.parametrize("repeats", [1, 2])
def test_a_receipt_that_a_count_has_inside_already_fulfils_all_the_same(repeats: int) -> None:
    """Otherwise the goods would be promised a second time."""
    shelf = Shelf(DC1=5)
    now = shelf.stage.now
    shelf.announce("PO-77", 20, due=now + DAY, kind="PO_SHIPPED")
    shelf.count("DC1", 25, as_of=now + 100, now=now + 200)
    for _ in range(repeats):
        shelf.report("received", "DC1", 20, supply="PO-77", event_id="in-1", as_of=now + 50)
    assert (shelf.available(), shelf.rows["sku"]["incoming"], promised(shelf, 2)) == (25, 0, [25])


@pytest.mark.parametrize("order", permutations(range(4)))
def test_announcements_and_receipts_end_the_same_in_any_order(order: tuple[int, ...]) -> None:
    shelf = Shelf(DC1=0)
    steps = [
        lambda: shelf.announce("PO-77", 50, due=10**13, sequence=1),
        lambda: shelf.announce("PO-77", 40, due=10**13, sequence=2),
        lambda: shelf.report("received", "DC1", 15, supply="PO-77", event_id="in-1"),
        lambda: shelf.report("received", "DC1", 5, supply="PO-77", event_id="in-2"),
    ]
    for index in order:
        steps[index]()
    row = shelf.rows["supply|PO-77"]
    assert (row["quantity"], row["received"], shelf.rows["sku"]["incoming"], shelf.pool()) == (40, 20, 20, 20)


@pytest.mark.parametrize(
    ("again", "reason"),
    [
        ({"quantity": 50, "sequence": 2}, "duplicate"),
        ({"quantity": 49, "sequence": 2}, "conflict"),
        ({"quantity": 10, "sequence": 1}, "stale_sequence"),
        ({"quantity": 10, "as_of": 1}, "stale_count"),
        ({"quantity": -1, "sequence": 9}, "negative_count"),
    ],
)
def test_an_announcement_that_is_not_newer_is_ignored_by_name(again: dict[str, int], reason: str) -> None:
    shelf = Shelf(DC1=0)
    shelf.announce("PO-77", 50, due=10**13, sequence=2)
    shelf.announce("PO-77", due=10**13, **again)  # type: ignore[arg-type]
    assert (shelf.reason(), shelf.rows["sku"]["incoming"]) == (reason, 50)


def test_supply_that_is_withdrawn_is_expected_no_more() -> None:
    shelf = Shelf(DC1=0)
    shelf.announce("PO-77", 50, due=10**13)
    shelf.announce("PO-77", 0, due=10**13)
    assert (shelf.rows["sku"]["incoming"], list(expected(DictRows(shelf.rows)))) == (0, [])


def test_more_than_was_announced_may_come() -> None:
    shelf = Shelf(DC1=0)
    shelf.announce("PO-77", 5, due=10**13)
    shelf.report("received", "DC1", 8, supply="PO-77")
    assert (shelf.rows["sku"]["incoming"], shelf.available()) == (0, 8)


def test_spent_supply_is_tidied_away_when_nobody_can_repeat_it_any_more() -> None:
    shelf = Shelf(DC1=0)
    shelf.announce("PO-1", 5, due=10**13)
    shelf.report("received", "DC1", 5, supply="PO-1")
    shelf.stage.now += KEPT_MS + 1
    shelf.announce("PO-2", 5, due=10**13, as_of=shelf.stage.now)
    shelf.report("received", "DC1", 5, supply="PO-2")
    assert [name for name in shelf.rows if name.startswith(("supply|", "spent|"))] == [
        "supply|PO-2",
        f"spent|{shelf.stage.now:015d}|PO-2",
    ]
