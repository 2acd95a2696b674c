"""A drift that is too large for too long is an exception, once; that the two agree again is told once."""

from __future__ import annotations

import pytest

from tests.streams.inventory.observing import HOUR, Observed, at, tolerated

TIMER = "drift|DC1|erp"


def test_by_default_ten_units_or_a_fifth_are_tolerated_for_an_hour() -> None:
    shelf = Observed(40)
    shelf.erp(1, 30)
    assert TIMER not in shelf.timers
    shelf.erp(2, 29)
    assert shelf.timers[TIMER].due == at(2) + HOUR
    large = Observed(1000)
    large.erp(1, 800)
    assert TIMER not in large.timers


def test_time_alone_makes_a_drift_an_exception() -> None:
    shelf = Observed(100)
    shelf.erp(1, 50)
    assert shelf.crossings() == []
    shelf.due(TIMER)
    [crossed] = shelf.facts("inventory.drift.crossed")
    assert (crossed["crossing"], crossed["in_force"], crossed["difference"], crossed["limit"]) == (
        "exceeded",
        True,
        -50,
        20,
    )
    assert shelf.figure()["raised_at"] == at(1) + HOUR


def test_an_exception_is_told_once_and_its_end_is_told_once() -> None:
    shelf = Observed(100, tolerated(units=5, percent_bp=0, for_ms=0))
    told = []
    for minute, units in enumerate((100, 94, 93, 96, 99, 94, 100, 100, 106, 100), 1):
        shelf.erp(minute, units)
        told.append([crossing for _, crossing in shelf.crossings()])
    exceeded, agreed = ["exceeded"], ["agreed"]
    assert told == [[], exceeded, [], [], [], [], agreed, [], exceeded, agreed]


def test_a_drift_that_ends_in_time_is_no_exception() -> None:
    shelf = Observed(100)
    shelf.erp(1, 50)
    shelf.moved(1, -50, "SH-1", heard=30)
    assert TIMER not in shelf.timers
    shelf.erp(90, 50)
    assert (shelf.crossings(), shelf.figure()["raised_at"]) == ([], None)


def test_a_drift_that_shrinks_below_its_tolerance_begins_anew() -> None:
    shelf = Observed(100, tolerated(units=5, percent_bp=0, for_ms=HOUR))
    shelf.erp(1, 90)
    shelf.erp(50, 97)
    shelf.erp(70, 90)
    assert (shelf.crossings(), shelf.timers[TIMER].due) == ([], at(70) + HOUR)


def test_a_timer_that_comes_late_or_twice_says_nothing_more() -> None:
    shelf = Observed(100)
    shelf.erp(1, 50)
    due = shelf.timers[TIMER]
    shelf.due(TIMER)
    assert due.record is not None
    shelf.send(due.type, due.record)
    assert (shelf.crossings(), shelf.reason()) == ([], "not_due")


def test_a_timer_of_a_source_that_is_not_observed_is_ignored() -> None:
    shelf = Observed(100)
    shelf.erp(1, 50)
    due = shelf.timers[TIMER]
    assert due.record is not None
    shelf.rules(authorities={"DC1": "erp"})
    shelf.send(due.type, due.record)
    assert shelf.reason() == "not_due"


def test_a_source_has_its_own_tolerance_before_that_of_the_location() -> None:
    shelf = Observed(100, tolerated(units=50, for_ms=0), tolerated(source="erp", units=2, percent_bp=0, for_ms=0))
    shelf.erp(1, 95)
    assert shelf.crossings() == [("on_hand", "exceeded")]
    shelf.erp(1, 60, source="3pl")
    assert shelf.crossings() == []


def test_classes_are_exceptions_of_their_own() -> None:
    shelf = Observed(100, tolerated(units=1, percent_bp=0, for_ms=0))
    shelf.wms(1, 100, classes={"damaged": 4})
    shelf.erp(2, 95, classes={"damaged": 8})
    assert sorted(shelf.crossings()) == [("damaged", "exceeded"), ("on_hand", "exceeded")]
    shelf.erp(3, 95, classes={"damaged": 4})
    assert shelf.crossings() == [("damaged", "agreed")]


def test_new_rules_are_in_force_for_drifts_that_stand() -> None:
    shelf = Observed(100)
    shelf.erp(1, 95)
    shelf.rules(authorities={"DC1": "wms"}, tolerances=[tolerated(units=2, percent_bp=0, for_ms=0)])
    assert shelf.crossings() == [("on_hand", "exceeded")]


@pytest.mark.parametrize("minute", [10, 61 * 24])
def test_an_observation_at_two_times_neither_raises_nor_ends_an_exception(minute: int) -> None:
    shelf = Observed(100)
    shelf.wms(2000, 100)
    shelf.erp(minute, 5, heard=2001)
    assert (shelf.crossings(), TIMER in shelf.timers) == ([], False)
