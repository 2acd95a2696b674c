"""What another source than the authority says: compared at one cut, attributed, and never believed."""

from __future__ import annotations

from itertools import permutations

import pytest

from tables.inventory.history import MOST_SOURCES
from tests.streams.inventory.observing import Observed


def test_a_copy_that_has_not_heard_of_a_receipt_yet_agrees_as_of_its_own_time() -> None:
    """The ERP's nightly figure is of minute 10; 5 units came at minute 20; it is heard at minute 30."""
    shelf = Observed(100)
    shelf.moved(20, 5, "RC-1")
    shelf.erp(10, 100, heard=30)
    assert (shelf.numbers(), shelf.on_hand, shelf.reason()) == ((100, 100, 0), 105, "not_authority")


def test_an_observation_is_compared_before_a_later_count_too() -> None:
    """The WMS counts every few minutes, so that a nightly figure is older than its last count as a rule."""
    shelf = Observed(100)
    shelf.erp(1, 100)
    shelf.moved(20, -7, "SH-1")
    shelf.wms(25, 93)
    shelf.erp(10, 100, heard=30)
    assert (shelf.numbers(), shelf.compared()["exact"], shelf.on_hand) == ((100, 100, 0), True, 93)


def test_a_movement_that_the_other_side_missed_is_named() -> None:
    shelf = Observed(100)
    shelf.erp(1, 100)
    shelf.moved(5, 3, "RC-1")
    shelf.moved(6, -8, "SH-1")
    shelf.erp(10, 103)
    [drift] = shelf.facts("inventory.drift.detected")
    assert (drift["expected"], drift["difference"], drift["attributed"], drift["unexplained"]) == (95, 8, 8, 0)
    assert shelf.explained() == {"wms/RC-1": False, "wms/SH-1": True}


def test_a_source_that_lags_is_explained_by_the_newest_movements() -> None:
    shelf = Observed(100)
    shelf.erp(1, 100)
    for minute, units in ((2, 4), (3, -1), (4, -2)):
        shelf.moved(minute, units, f"M-{minute}")
    shelf.erp(10, 104)
    assert shelf.explained() == {"wms/M-2": False, "wms/M-3": True, "wms/M-4": True}


def test_events_before_the_last_agreement_explain_nothing() -> None:
    shelf = Observed(100)
    shelf.moved(5, -8, "SH-1")
    shelf.erp(10, 92)
    shelf.erp(20, 100)
    figure = shelf.figure()
    assert (figure["difference"], figure["unexplained"], figure["events"]) == (8, 8, [])


def test_a_shipment_is_named_by_its_order_and_event() -> None:
    shelf = Observed(100)
    shelf.erp(1, 100)
    now = shelf.compared()["as_of"] + 60_000
    shelf.ship("PO-7", 4, "DC1", at=now, now=now, event_id="ASN-9")
    shelf.erp(10, 100)
    assert shelf.explained() == {"PO-7/ASN-9": True}


def test_a_movement_that_only_the_other_side_reports_explains_what_wharf_lacks() -> None:
    shelf = Observed(100)
    shelf.erp(1, 100)
    shelf.moved(5, 6, "GR-1", source="erp")
    assert (shelf.reason(), shelf.on_hand) == ("not_authority", 100)
    shelf.moved(5, 6, "GR-1", source="erp")
    shelf.erp(10, 106)
    [event] = shelf.figure()["events"]
    assert (event["side"], event["quantity"], event["explains"], shelf.figure()["unexplained"]) == (
        "theirs",
        6,
        True,
        0,
    )


def test_a_count_that_corrects_wharf_is_an_event_of_the_drift() -> None:
    shelf = Observed(100)
    shelf.erp(1, 100)
    shelf.wms(5, 97)
    figure = shelf.figure()
    assert (figure["expected"], figure["difference"], figure["attributed"]) == (97, 3, 3)
    assert [(event["kind"], event["quantity"]) for event in figure["events"]] == [("count", -3)]


def test_classes_of_stock_drift_apart_from_on_hand() -> None:
    shelf = Observed(100)
    shelf.wms(1, 100, classes={"damaged": 4, "display": 1})
    shelf.erp(2, 100, classes={"damaged": 2, "quarantined": 1})
    assert (shelf.numbers(), shelf.numbers("damaged")) == ((100, 100, 0), (2, 4, -2))
    assert (shelf.numbers("display"), shelf.numbers("quarantined")) == ((0, 1, -1), (1, 0, 1))


def test_one_figure_for_all_classes_is_compared_with_their_sum() -> None:
    shelf = Observed(100)
    shelf.wms(1, 100, classes={"damaged": 4, "display": 1})
    shelf.erp(2, 100, unsellable=3)
    assert shelf.numbers("unsellable") == (3, 5, -2)


def test_an_observation_from_before_all_that_is_known_is_told_and_not_judged() -> None:
    shelf = Observed(100)
    shelf.wms(60, 100)
    shelf.erp(10, 5, heard=61)
    assert (shelf.compared()["exact"], shelf.figure()["since"], shelf.effects.timers) == (False, None, ())
    [drift] = shelf.facts("inventory.drift.detected")
    assert drift["difference"] == -95


@pytest.mark.parametrize(
    ("again", "reason"),
    [((10, 100), "duplicate"), ((10, 99), "conflict"), ((9, 50), "stale_sequence")],
)
def test_an_observation_counts_once_and_in_order(again: tuple[int, int], reason: str) -> None:
    shelf = Observed(100)
    shelf.erp(10, 100)
    before = shelf.compared()
    shelf.erp(*again, heard=11)
    assert (shelf.reason(), shelf.compared()) == (reason, before)


def test_a_movement_that_is_heard_after_the_observation_ends_the_drift() -> None:
    shelf = Observed(100)
    shelf.erp(10, 92)
    assert shelf.figure()["difference"] == -8
    shelf.moved(9, -8, "SH-1", heard=12)
    assert (shelf.numbers(), shelf.figure()["since"]) == ((92, 92, 0), None)
    assert len(shelf.facts("inventory.compared")) == 1


def test_a_movement_after_the_observation_changes_nothing_of_it() -> None:
    shelf = Observed(100)
    shelf.erp(10, 92)
    shelf.moved(11, -3, "SH-1")
    assert (shelf.figure()["difference"], shelf.facts("inventory.compared")) == (-8, [])


@pytest.mark.parametrize("order", permutations(range(4)))
def test_whatever_comes_first_the_figures_are_the_same_in_the_end(order: tuple[int, ...]) -> None:
    """A receipt and a shipment before the observation, a shipment after it, and the observation itself."""
    shelf = Observed(100)
    shelf.erp(1, 100)
    steps = [
        lambda: shelf.moved(5, 10, "RC-1", heard=30),
        lambda: shelf.moved(6, -4, "SH-1", heard=30),
        lambda: shelf.moved(20, -1, "SH-2", heard=30),
        lambda: shelf.erp(10, 110, heard=30),
    ]
    for step in order:
        steps[step]()
    assert (shelf.numbers(), shelf.explained()) == ((110, 106, 4), {"wms/RC-1": False, "wms/SH-1": True})


def test_who_becomes_the_authority_is_observed_no_more() -> None:
    shelf = Observed(100)
    shelf.erp(10, 92)
    shelf.rules(authorities={"DC1": "erp"})
    assert [fact["ended"] for fact in shelf.facts("inventory.compared")] == [True]
    assert (
        shelf.rows["sku"]["observed"],
        [name for name in shelf.rows if name.startswith(("past|", "compared|"))],
    ) == (
        {},
        [],
    )


def test_more_sources_than_anybody_has_are_refused_by_name() -> None:
    shelf = Observed(100)
    for number in range(MOST_SOURCES):
        shelf.erp(1, 100, source=f"3pl-{number}")
    shelf.erp(1, 100, source="another")
    assert shelf.reason() == "too_many_sources"


def test_what_observers_cost_is_bounded_however_long_they_are_observed() -> None:
    """In the end: one row per source, at most the window of movements, at most twenty events of a figure."""
    shelf = Observed(1000)
    shelf.erp(0, 1000)
    for minute in range(1, 700):
        shelf.moved(minute, -1, f"M-{minute}")
        if minute % 50 == 0:
            shelf.wms(minute, shelf.on_hand)
    shelf.erp(650, 1000)
    kept = [name for name in shelf.rows if name.startswith(("past|", "move|"))]
    figure = shelf.figure()
    assert (len(kept), len(figure["events"]), figure["events_known"]) == (512, 20, 463)
    assert shelf.rows["sku"]["observed"]["DC1"]["complete_from"] > 0


def test_a_count_that_finds_other_classes_is_compared_with_them() -> None:
    shelf = Observed(100)
    shelf.wms(1, 100, classes={"damaged": 4})
    shelf.erp(2, 100, classes={"damaged": 4})
    shelf.wms(3, 100, classes={"damaged": 1})
    assert (shelf.numbers(), shelf.numbers("damaged")) == ((100, 100, 0), (4, 1, 3))
    [event] = shelf.figure("damaged")["events"]
    assert (event["kind"], event["quantity"], event["explains"]) == ("count", -3, True)
