"""Counts and movements: guards, merges, authorities, and what becomes of bad ones."""

from __future__ import annotations

from typing import Any

import pytest

from tests.streams.inventory.shelf import Shelf

MINUTE = 60_000


def test_a_count_without_sequence_is_guarded_by_its_time() -> None:
    shelf = Shelf(DC1=0)
    now = shelf.stage.now
    shelf.count("DC1", 50, as_of=now)
    shelf.count("DC1", 40, as_of=now - MINUTE)
    assert (shelf.position("DC1")["on_hand"], shelf.reason()) == (50, "stale_count")


@pytest.mark.parametrize(("quantity", "reason"), [(50, "duplicate"), (49, "conflict")])
def test_the_same_sequence_again_is_a_duplicate_or_a_conflict(quantity: int, reason: str) -> None:
    shelf = Shelf()
    shelf.count("DC1", 50, sequence=3)
    shelf.count("DC1", quantity, sequence=3)
    assert (shelf.position("DC1")["on_hand"], shelf.reason()) == (50, reason)


def test_each_location_has_its_own_sequence() -> None:
    shelf = Shelf()
    shelf.count("DC1", 50, sequence=9)
    shelf.count("DC2", 20, sequence=1)
    assert shelf.pool() == 70


def test_a_movement_counts_once_per_event_of_its_source() -> None:
    shelf = Shelf(DC1=10)
    shelf.report("received", "DC1", 5, event_id="e-1")
    shelf.report("received", "DC1", 5, event_id="e-1")
    shelf.report("received", "DC1", 5, event_id="e-1", source="3pl")
    assert shelf.position("DC1")["on_hand"] == 20


def test_a_movement_without_event_id_is_known_by_its_sequence() -> None:
    shelf = Shelf(DC1=10)
    shelf.report("received", "DC1", 5, sequence=7)
    shelf.report("received", "DC1", 5, sequence=7)
    assert (shelf.position("DC1")["on_hand"], shelf.reason()) == (15, "duplicate")


def test_a_transfer_of_both_sides_moves_in_one_step() -> None:
    shelf = Shelf(A=10, B=0)
    shelf.report("transferred", "A", 4, to_location="B")
    assert (shelf.position("A")["on_hand"], shelf.position("B")["on_hand"], shelf.pool()) == (6, 4, 10)


def test_a_transfer_counts_only_on_the_side_that_no_count_has_inside() -> None:
    shelf = Shelf(A=10, B=0)
    now = shelf.stage.now
    shelf.count("A", 6, as_of=now)
    shelf.report("transferred", "A", 4, to_location="B", as_of=now - MINUTE)
    assert (shelf.position("A")["on_hand"], shelf.position("B")["on_hand"]) == (6, 4)


@pytest.mark.parametrize(("kind", "sellable"), [("damaged", 6), ("quarantined", 6), ("cleared", 10), ("adjusted", 14)])
def test_each_kind_of_movement_has_its_effect(kind: str, sellable: int) -> None:
    shelf = Shelf(DC1=10)
    shelf.report(kind, "DC1", 4)
    assert shelf.available() == sellable


def test_a_clearance_that_comes_before_its_damage_makes_no_stock() -> None:
    shelf = Shelf(DC1=10)
    shelf.report("cleared", "DC1", 4)
    assert shelf.available() == 10
    shelf.report("damaged", "DC1", 4)
    assert (shelf.available(), shelf.position("DC1")["unsellable"]) == (10, 0)


def test_a_correction_is_a_fact_of_its_own() -> None:
    shelf = Shelf(DC1=1000)
    shelf.report("corrected", "DC1", -20, reason="snapshot difference, unexplained")
    [corrected] = shelf.facts("inventory.corrected")
    assert (corrected["quantity"], corrected["reason"], shelf.pool()) == (-20, "snapshot difference, unexplained", 980)


def test_a_count_below_what_is_held_is_a_shortfall_and_nothing_is_offered() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("PO-7", {"1": 8})
    shelf.count("DC1", 5)
    [shortfall] = shelf.facts("inventory.shortfall")
    assert (shortfall["short"], shelf.available(), shelf.held("PO-7")) == (3, 0, 8)


def test_a_movement_of_another_than_the_authority_is_not_believed() -> None:
    shelf = Shelf()
    shelf.rules(authorities={"DC1": "wms"})
    shelf.count("DC1", 10)
    shelf.report("received", "DC1", 5, source="erp")
    assert (shelf.position("DC1")["on_hand"], shelf.reason()) == (10, "not_authority")


def test_a_copy_that_agrees_is_noted_as_not_the_authority() -> None:
    shelf = Shelf()
    shelf.rules(authorities={"DC1": "wms"})
    shelf.count("DC1", 10)
    shelf.count("DC1", 10, source="erp")
    assert shelf.reason() == "not_authority"


def test_an_older_copy_of_a_comparison_is_ignored() -> None:
    shelf = Shelf()
    shelf.rules(authorities={"DC1": "wms"})
    shelf.count("DC1", 118, source="erp", sequence=2)
    shelf.count("DC1", 110, source="erp", sequence=1)
    assert (shelf.reason(), shelf.rows["sku"]["positions"]) == ("stale_sequence", {})


def test_where_nobody_is_the_authority_an_older_count_of_another_source_is_refused() -> None:
    shelf = Shelf()
    now = shelf.stage.now
    shelf.count("DC1", 10, as_of=now)
    shelf.count("DC1", 99, source="erp", as_of=now - MINUTE)
    assert (shelf.position("DC1")["on_hand"], shelf.reason()) == (10, "stale_count")


def test_a_clock_that_is_ahead_is_cut_to_now_and_said_so() -> None:
    shelf = Shelf()
    now = shelf.stage.now + 1
    shelf.count("DC1", 10, as_of=now + 5 * MINUTE, now=now)
    [counted] = shelf.facts("inventory.counted")
    assert (counted["as_of"], counted["clamped"]) == (now, True)


def test_a_clock_that_drifts_a_little_is_believed() -> None:
    shelf = Shelf()
    now = shelf.stage.now + 1
    shelf.count("DC1", 10, as_of=now + MINUTE, now=now)
    [counted] = shelf.facts("inventory.counted")
    assert (counted["as_of"], counted["clamped"]) == (now + MINUTE, False)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"kind": "counted", "quantity": -1}, "negative_count"),
        ({"kind": "counted", "quantity": 5, "unsellable": -1}, "negative_count"),
        ({"kind": "received", "quantity": 0}, "no_quantity"),
        ({"kind": "received", "quantity": 5, "location": ""}, "no_location"),
        ({"kind": "teleported", "quantity": 5}, "unknown_kind"),
    ],
)
def test_a_bad_report_is_a_fact_with_its_reason(bad: dict[str, Any], reason: str) -> None:
    shelf = Shelf(DC1=10)
    shelf.report(**{"location": "DC1", **bad})
    [ignored] = shelf.facts("inventory.ignored")
    assert (ignored["reason"], ignored["source"], shelf.position("DC1")["on_hand"]) == (reason, "wms", 10)


def test_rules_that_are_not_newer_are_ignored() -> None:
    shelf = Shelf(DC1=10)
    shelf.rules(safety={"DC1": 4}, version=5)
    shelf.rules(safety={"DC1": 0}, version=4)
    assert (shelf.available(), shelf.reason()) == (6, "stale_rules")
    shelf.rules(safety={"DC1": 4}, version=5)
    assert shelf.reason() == "duplicate"


def test_of_two_changes_of_rules_in_one_millisecond_the_later_to_come_holds() -> None:
    shelf = Shelf(DC1=10)
    shelf.rules(safety={"DC1": 4}, version=5)
    shelf.rules(safety={"DC1": 7}, version=5)
    assert shelf.available() == 3
