"""Late counts: merged with what moved after them, from a bounded log; what they have inside is not counted again."""

from __future__ import annotations

import pytest

from tables.inventory.movements import WINDOW
from tests.streams.inventory.shelf import Shelf

MINUTE = 60_000


def test_a_late_count_is_merged_with_what_moved_after_it() -> None:
    """Scenario 5, step 7: the damage of sequence 12 comes before the count of sequence 11."""
    shelf = Shelf()
    shelf.count("WH1", 400, sequence=10)
    shelf.report("damaged", "WH1", 10, sequence=12)
    shelf.report("received", "WH1", 5, sequence=13)
    shelf.count("WH1", 400, sequence=11, unsellable=0)
    position = shelf.position("WH1")
    assert (position["on_hand"], position["unsellable"], shelf.available()) == (405, 10, 395)


def test_a_movement_that_the_count_has_inside_is_not_counted_again() -> None:
    shelf = Shelf()
    now = shelf.stage.now
    shelf.count("DC1", 90, as_of=now)
    shelf.report("adjusted", "DC1", -10, as_of=now - MINUTE, event_id="e-1")
    assert (shelf.position("DC1")["on_hand"], shelf.reason()) == (90, "inside_count")


def test_a_sequence_says_more_than_a_clock() -> None:
    shelf = Shelf()
    now = shelf.stage.now
    shelf.count("DC1", 90, as_of=now, sequence=5)
    shelf.report("adjusted", "DC1", -10, as_of=now - MINUTE, sequence=6)
    assert shelf.position("DC1")["on_hand"] == 80


def test_the_window_of_remembered_movements_is_bounded() -> None:
    shelf = Shelf(DC1=0)
    for index in range(WINDOW + 10):
        shelf.report("received", "DC1", 1, event_id=f"e-{index}")
    remembered = [name for name in shelf.rows if name.startswith(("move|", "event|", "logged|"))]
    assert (len(remembered), shelf.position("DC1")["on_hand"]) == (3 * WINDOW, WINDOW + 10)


def test_a_count_from_before_the_window_cannot_be_merged_and_is_refused() -> None:
    shelf = Shelf(DC1=0)
    early = shelf.stage.now
    for index in range(WINDOW + 10):
        shelf.report("received", "DC1", 1, event_id=f"e-{index}")
    shelf.count("DC1", 0, as_of=early)
    assert (shelf.reason(), shelf.position("DC1")["on_hand"]) == ("stale_count", WINDOW + 10)


def test_a_count_empties_the_log_of_what_it_has_inside() -> None:
    shelf = Shelf(DC1=0)
    for index in range(20):
        shelf.report("received", "DC1", 1, event_id=f"e-{index}")
    shelf.count("DC1", 20)
    assert [name for name in shelf.rows if name.startswith("move|")] == []


@pytest.mark.parametrize("first", ["count", "damage"])
def test_damage_from_before_a_count_of_on_hand_alone_is_still_not_for_sale(first: str) -> None:
    """Such a count says nothing of classes, so that it has no damage inside, whichever of the two comes first."""
    shelf = Shelf()
    now = shelf.stage.now
    steps = {
        "count": lambda: shelf.count("DC1", 10, as_of=now),
        "damage": lambda: shelf.report("damaged", "DC1", 2, as_of=now - MINUTE, event_id="e-1"),
    }
    for step in (first, *steps.keys() - {first}):
        steps[step]()
    assert (shelf.position("DC1")["on_hand"], shelf.available()) == (10, 8)


def test_damage_from_before_a_count_that_tells_the_classes_is_inside_it() -> None:
    shelf = Shelf()
    now = shelf.stage.now
    shelf.count("DC1", 10, as_of=now, unsellable=3)
    shelf.count("DC1", 10, as_of=now + 1)
    shelf.report("damaged", "DC1", 2, as_of=now - MINUTE, event_id="e-1")
    assert (shelf.reason(), shelf.available()) == ("inside_count", 7)


def test_a_count_of_a_higher_sequence_whose_clock_went_back_keeps_inside_what_the_last_one_had() -> None:
    shelf = Shelf()
    now = shelf.stage.now
    shelf.count("DC1", 90, as_of=now, sequence=5)
    shelf.count("DC1", 90, as_of=now - 60 * MINUTE, sequence=6)
    shelf.ship("PO-1", 10, "DC1", at=now - MINUTE)
    assert shelf.position("DC1")["on_hand"] == 90
