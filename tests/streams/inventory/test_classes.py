"""Stock that is there and not for sale, by class."""

from __future__ import annotations

from itertools import permutations

import pytest

from tests.streams.inventory.shelf import Shelf


@pytest.mark.parametrize(
    ("kind", "stock_class", "booked"),
    [
        ("damaged", "", "damaged"),
        ("quarantined", "", "quarantined"),
        ("quarantined", "inspection", "inspection"),
        ("quarantined", "display", "display"),
    ],
)
def test_each_class_is_counted_apart_and_none_is_for_sale(kind: str, stock_class: str, booked: str) -> None:
    shelf = Shelf(DC1=10)
    shelf.report(kind, "DC1", 3, stock_class=stock_class)
    assert (shelf.position("DC1")["classes"], shelf.available(), shelf.position("DC1")["on_hand"]) == (
        {booked: 3},
        7,
        10,
    )


def test_readers_see_the_classes_of_a_location() -> None:
    shelf = Shelf(DC1=10)
    shelf.report("quarantined", "DC1", 2, stock_class="display")
    [changed] = shelf.facts("availability.changed")
    assert changed["locations"][0]["classes"] == {"display": 2}


def test_what_was_inspected_is_cleared_from_its_own_class() -> None:
    shelf = Shelf(DC1=10)
    shelf.report("quarantined", "DC1", 4, stock_class="inspection")
    shelf.report("damaged", "DC1", 1)
    shelf.report("cleared", "DC1", 4, stock_class="inspection")
    assert (shelf.position("DC1")["classes"], shelf.available()) == ({"damaged": 1}, 9)


def test_a_count_by_class_replaces_the_classes() -> None:
    shelf = Shelf(DC1=10)
    shelf.report("damaged", "DC1", 5)
    shelf.count("DC1", 12, classes={"damaged": 1, "display": 2})
    assert (shelf.position("DC1")["classes"], shelf.position("DC1")["unsellable"], shelf.available()) == (
        {"damaged": 1, "display": 2},
        3,
        9,
    )


def test_a_count_that_says_nothing_of_classes_leaves_them() -> None:
    shelf = Shelf(DC1=10)
    shelf.report("damaged", "DC1", 5)
    shelf.count("DC1", 12)
    assert (shelf.position("DC1")["classes"], shelf.available()) == ({"damaged": 5}, 7)


def test_a_late_count_by_class_is_merged_with_what_was_found_after_it() -> None:
    shelf = Shelf()
    shelf.count("DC1", 10, sequence=1)
    shelf.report("damaged", "DC1", 2, sequence=3)
    shelf.count("DC1", 10, sequence=2, classes={"display": 1})
    assert (shelf.position("DC1")["classes"], shelf.available()) == ({"damaged": 2, "display": 1}, 7)


@pytest.mark.parametrize("order", permutations(range(4)))
def test_classes_end_the_same_in_whatever_order_their_causes_are_heard(order: tuple[int, ...]) -> None:
    shelf = Shelf()
    steps = [
        lambda: shelf.count("DC1", 20, sequence=1, classes={"damaged": 2}),
        lambda: shelf.report("quarantined", "DC1", 5, sequence=2),
        lambda: shelf.report("cleared", "DC1", 3, sequence=3),
        lambda: shelf.report("received", "DC1", 4, unsellable=1, sequence=4),
    ]
    for index in order:
        steps[index]()
    position = shelf.position("DC1")
    assert (position["on_hand"], position["classes"], shelf.available()) == (24, {"damaged": 3, "quarantined": 2}, 19)


@pytest.mark.parametrize("more", [{"stock_class": "lost"}, {"classes": {"lost": 1}, "kind": "counted"}])
def test_a_class_that_nobody_knows_is_refused_by_name(more: dict[str, object]) -> None:
    shelf = Shelf(DC1=10)
    shelf.report(**{"kind": "damaged", "location": "DC1", "quantity": 1, **more})  # type: ignore[arg-type]
    assert (shelf.reason(), shelf.available()) == ("unknown_class", 10)
