"""A missing report and a contested shelf are told once, and told once more when they are settled; stock goes on."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.envelope import Envelope
from schemas.generated import inventory_v1 as inventory
from tables.inventory.evidence import Evidence
from tables.inventory.explanation import explain
from tables.inventory.shadow import Shadow
from tests.streams.inventory.shelf import SKU, Shelf

FOLLOWED = [inventory.sequenced_source(location="DC1", source="wms")]


def followed() -> Shelf:
    shelf = Shelf()
    shelf.rules(sequenced=FOLLOWED)
    shelf.count("DC1", 100, sequence=10)
    return shelf


def doubts(shelf: Shelf) -> list[tuple[Any, ...]]:
    names = ("doubt", "in_force", "source", "other", "missing_from", "missing_to")
    return [tuple(each[name] for name in names) for each in shelf.facts("inventory.source.doubted")]


def test_a_gap_in_a_sequence_is_told_once_and_its_movements_count_all_the_same() -> None:
    shelf = followed()
    shelf.report("received", "DC1", 5, sequence=13)
    assert doubts(shelf) == [("gap", True, "wms", "", 11, 12)]
    shelf.report("received", "DC1", 5, sequence=15)
    assert doubts(shelf) == [] and shelf.available() == 110


def test_a_gap_is_over_when_the_last_missing_report_has_come() -> None:
    shelf = followed()
    for number in (13, 11):
        shelf.report("received", "DC1", 1, sequence=number)
    assert doubts(shelf) == []
    shelf.report("received", "DC1", 1, sequence=12)
    assert doubts(shelf) == [("gap", False, "wms", "", 12, 12)] and shelf.available() == 103


def test_a_count_ends_a_gap_since_it_has_the_missing_inside() -> None:
    shelf = followed()
    shelf.report("received", "DC1", 5, sequence=13)
    shelf.count("DC1", 104, sequence=14)
    assert doubts(shelf) == [("gap", False, "wms", "", 11, 12)] and shelf.available() == 104


def test_a_sequence_that_goes_backwards_opens_no_gap_and_counts_nothing_twice() -> None:
    shelf = followed()
    shelf.count("DC1", 50, sequence=9)
    assert (shelf.reason(), doubts(shelf)) == ("stale_sequence", [])
    shelf.report("received", "DC1", 5, sequence=9)
    assert (shelf.reason(), doubts(shelf), shelf.available()) == ("inside_count", [], 100)
    shelf.report("received", "DC1", 5, sequence=11)
    assert (doubts(shelf), shelf.available()) == ([], 105)


def test_a_source_that_is_not_followed_may_skip_numbers() -> None:
    shelf = Shelf()
    shelf.count("DC1", 100, sequence=10)
    shelf.report("received", "DC1", 5, sequence=99)
    assert doubts(shelf) == []


def test_two_sources_that_count_one_location_are_told_once_and_the_newest_count_holds() -> None:
    shelf = Shelf()
    shelf.count("DC1", 10)
    shelf.count("DC1", 12, source="erp")
    assert doubts(shelf) == [("contested", True, "erp", "wms", None, None)]
    shelf.count("DC1", 11)
    shelf.count("DC1", 13, source="erp")
    assert doubts(shelf) == [] and shelf.available() == 13


def test_rules_that_name_an_authority_end_the_contest() -> None:
    shelf = Shelf()
    shelf.count("DC1", 10)
    shelf.count("DC1", 12, source="erp")
    shelf.rules(authorities={"DC1": "wms"})
    assert doubts(shelf) == [("contested", False, "wms", "wms", None, None)]
    shelf.rules(authorities={"DC1": "wms"})
    assert doubts(shelf) == [] and shelf.rows["sku"]["contested"] == {}


def test_where_an_authority_is_named_another_source_is_compared_and_contests_nothing() -> None:
    shelf = Shelf()
    shelf.rules(authorities={"DC1": "wms"})
    shelf.count("DC1", 10)
    shelf.count("DC1", 12, source="erp")
    assert (doubts(shelf), shelf.available()) == ([], 10)


@pytest.mark.parametrize("settled", [False, True])
def test_a_number_tells_of_doubts_while_they_stand(settled: bool) -> None:
    shelf, shadow = Shelf(), Shadow(Evidence())

    def noted() -> None:
        for fact in shelf.effects.facts:
            shadow.take(Envelope(f"e-{shelf.stage.sent}", fact.type, "wharf/inventory", "acme", 0), fact.record)

    def said(step: Any) -> None:
        step()
        noted()

    said(lambda: shelf.rules(sequenced=FOLLOWED))
    said(lambda: shelf.count("DC1", 10, sequence=1))
    said(lambda: shelf.count("DC1", 12, source="erp", sequence=1))
    said(lambda: shelf.report("received", "DC1", 1, sequence=4))
    if settled:
        said(lambda: shelf.rules(sequenced=FOLLOWED, authorities={"DC1": "wms"}))
        said(lambda: shelf.count("DC1", 20, sequence=5))
    told = {term.code: term.detail for term in explain(SKU, shadow, "").terms if term.code != "on_hand"}
    expected = {
        "source_gap": "wms said more of DC1 than was heard: #2, #3 missing",
        "not_authority": "wms and another source count DC1, none is its authority: the newest count holds",
    }
    assert told == ({} if settled else expected)
