"""A person says which of two figures is right: once, on the record, merged as a count is."""

from __future__ import annotations

import pytest

from tests.streams.inventory.observing import Observed, at, tolerated


def test_an_accepted_observation_is_what_was_there_then_and_later_movements_are_merged_in() -> None:
    shelf = Observed(100)
    shelf.erp(10, 92)
    shelf.moved(20, 5, "RC-1")
    shelf.correct(10, "observed")
    [corrected] = shelf.facts("inventory.drift.corrected")
    assert (shelf.on_hand, corrected["change"], corrected["by"], corrected["reason"]) == (
        97,
        -8,
        "ann",
        "counted twice",
    )
    assert (shelf.numbers(), len(shelf.facts("availability.changed"))) == ((92, 92, 0), 1)


def test_a_movement_that_the_accepted_observation_has_inside_counts_no_more() -> None:
    """Ann accepts the 92; the dispatch that made them 92 is heard afterwards."""
    shelf = Observed(100)
    shelf.erp(10, 92)
    shelf.correct(10, "observed")
    shelf.moved(9, -8, "SH-1", heard=30)
    assert (shelf.on_hand, shelf.reason()) == (92, "inside_count")


def test_the_authoritys_next_count_supersedes_a_correction() -> None:
    shelf = Observed(100)
    shelf.erp(10, 92)
    shelf.correct(10, "observed")
    shelf.wms(5, 100, heard=30)
    assert (shelf.on_hand, shelf.reason()) == (92, "stale_count")
    shelf.wms(40, 99)
    assert (shelf.on_hand, shelf.position("DC1")["source"]) == (99, "wms")


def test_an_observation_that_is_older_than_the_last_count_is_accepted_by_its_difference() -> None:
    shelf = Observed(100)
    shelf.erp(1, 100)
    shelf.moved(20, -10, "SH-1")
    shelf.wms(30, 90)
    shelf.erp(10, 97, heard=40)
    shelf.correct(10, "observed")
    assert (shelf.on_hand, shelf.numbers(), shelf.position("DC1")["counted_as_of"]) == (87, (97, 97, 0), at(30))


def test_accepted_classes_are_the_observed_ones() -> None:
    shelf = Observed(100)
    shelf.wms(1, 100, classes={"damaged": 4})
    shelf.erp(2, 100, classes={"damaged": 1, "display": 2})
    shelf.correct(2, "observed")
    assert (shelf.position("DC1")["classes"], shelf.position("DC1")["unsellable"]) == ({"damaged": 1, "display": 2}, 3)
    assert not any(figure["difference"] for figure in shelf.compared()["figures"])


def test_one_accepted_figure_for_all_classes_is_of_the_class_other() -> None:
    shelf = Observed(100)
    shelf.wms(1, 100, classes={"damaged": 4})
    shelf.erp(2, 100, unsellable=3)
    shelf.correct(2, "observed")
    assert shelf.position("DC1")["classes"] == {"other": 3}


def test_an_accepted_position_leaves_stock_as_it_is_and_the_source_known_to_be_off() -> None:
    shelf = Observed(100, tolerated(units=2, percent_bp=0, for_ms=0))
    shelf.erp(10, 92)
    shelf.correct(10, "derived")
    assert (shelf.on_hand, shelf.crossings(), shelf.facts("availability.changed")) == (100, [("on_hand", "agreed")], [])
    shelf.erp(20, 92)
    assert (shelf.crossings(), shelf.reason()) == ([], "not_authority")
    shelf.erp(30, 85)
    assert shelf.crossings() == [("on_hand", "exceeded")]


def test_a_source_that_was_known_to_be_off_and_is_right_again_agrees() -> None:
    shelf = Observed(100, tolerated(units=2, percent_bp=0, for_ms=0))
    shelf.erp(10, 92)
    shelf.correct(10, "derived")
    shelf.erp(20, 100)
    assert (shelf.crossings(), shelf.figure()["known"]) == ([], 0)
    shelf.erp(30, 92)
    assert shelf.crossings() == [("on_hand", "exceeded")]


@pytest.mark.parametrize("accept", ["observed", "derived"])
def test_a_correction_twice_is_one_correction(accept: str) -> None:
    shelf = Observed(100)
    shelf.erp(10, 92)
    shelf.correct(10, accept, correction="C-1")
    before = {name: row for name, row in shelf.rows.items() if name != "sku"}
    shelf.correct(10, accept, correction="C-1")
    assert (shelf.reason(), {name: row for name, row in shelf.rows.items() if name != "sku"}) == ("duplicate", before)
    shelf.correct(10, accept, correction="C-2")
    assert shelf.reason() == "agrees"


def test_a_correction_that_is_delivered_again_after_a_new_count_changes_nothing() -> None:
    shelf = Observed(100)
    shelf.erp(10, 92)
    shelf.correct(10, "observed", id="c-1")
    shelf.wms(40, 100)
    shelf.correct(10, "observed", id="c-1")
    assert (shelf.on_hand, shelf.reason()) == (100, "duplicate")


@pytest.mark.parametrize(
    ("minute", "accept", "source", "reason"),
    [
        (9, "observed", "erp", "other_observation"),
        (10, "both", "erp", "unknown_kind"),
        (10, "observed", "3pl", "not_compared"),
    ],
)
def test_a_correction_that_cannot_be_meant_says_why(minute: int, accept: str, source: str, reason: str) -> None:
    shelf = Observed(100)
    shelf.erp(10, 92)
    shelf.correct(minute, accept, source=source)
    assert (shelf.reason(), shelf.on_hand) == (reason, 100)


def test_what_was_compared_at_two_times_is_not_accepted() -> None:
    shelf = Observed(100)
    shelf.wms(60, 100)
    shelf.erp(10, 5, heard=61)
    shelf.correct(10, "observed")
    assert (shelf.reason(), shelf.on_hand) == ("not_at_one_cut", 100)


@pytest.mark.parametrize(("accept", "on_hand"), [("observed", 92), ("derived", 100)])
def test_policy_accepts_where_it_is_told_so_and_when_the_drift_is_an_exception(accept: str, on_hand: int) -> None:
    shelf = Observed(100, tolerated(units=2, percent_bp=0, for_ms=60_000, accept=accept))
    shelf.erp(10, 92)
    assert shelf.on_hand == 100
    shelf.due("drift|DC1|erp")
    [corrected] = shelf.facts("inventory.drift.corrected")
    assert (corrected["by"], corrected["accepted"], shelf.on_hand) == ("policy", accept, on_hand)
    assert shelf.crossings() == [("on_hand", "exceeded"), ("on_hand", "agreed")]


def test_what_one_observation_corrects_is_an_event_for_the_others() -> None:
    shelf = Observed(100)
    shelf.erp(5, 100, source="3pl")
    shelf.erp(10, 92)
    shelf.correct(10, "observed")
    [event] = shelf.figure(source="3pl")["events"]
    assert (shelf.figure(source="3pl")["difference"], event["kind"], event["quantity"]) == (8, "correction", -8)


def test_who_waits_is_served_by_what_a_correction_finds() -> None:
    shelf = Observed(0)
    shelf.reserve("PO-1", {"1": 3}, wait=True, now=at(5))
    shelf.erp(10, 4)
    shelf.correct(10, "observed")
    assert (shelf.held("PO-1"), shelf.available()) == (3, 1)
