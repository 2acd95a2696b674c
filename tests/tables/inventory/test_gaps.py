"""What was heard of a source that numbers its reports without gaps, number by number."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.generated import inventory_v1 as inventory
from schemas.generated import state_inventory_v1 as state
from tables.inventory import names
from tables.inventory.gaps import MOST_MISSING, gap_of, heard, missing, sequenced
from tables.sorted_rows import SortedRows

RULES = inventory.set_stock_rules(
    sku="M", version=1, sequenced=[inventory.sequenced_source(location="DC1", source="wms")]
)


def told(*numbers: int, rows: SortedRows | None = None, kind: str = "inventory.received", **more: Any) -> SortedRows:
    rows = rows or SortedRows()
    for number in numbers:
        record = {"location": "DC1", "source": "wms", "source_sequence": number, **more}
        rows.put(heard(RULES, kind, record, rows))
    return rows


def numbers(rows: SortedRows) -> list[int]:
    gap = gap_of(rows, "DC1", "wms")
    assert gap is not None
    return gap["missing"]


def test_one_after_the_other_nothing_is_missing() -> None:
    assert numbers(told(5, 6, 7)) == []


def test_what_was_skipped_is_missing_until_it_comes() -> None:
    rows = told(5, 8)
    assert numbers(rows) == [6, 7] and missing(gap_of(rows, "DC1", "wms"))
    assert numbers(told(7, rows=rows)) == [6]
    assert not missing(gap_of(told(6, rows=rows), "DC1", "wms"))


def test_a_repeat_changes_nothing() -> None:
    rows = told(5, 8)
    assert heard(RULES, "inventory.ignored", {"location": "DC1", "source": "wms", "source_sequence": 8,
                                              "reason": "duplicate"}, rows) == {}  # fmt: skip


def test_a_count_has_all_lower_numbers_inside() -> None:
    rows = told(5, 8, 12)
    assert numbers(told(9, rows=rows, kind="inventory.counted")) == [10, 11]
    assert numbers(told(20, rows=rows, kind="inventory.counted")) == []
    assert numbers(told(21, rows=rows)) == []


def test_after_a_last_count_that_was_heard_before_it_was_followed_nothing_may_be_skipped() -> None:
    rows = SortedRows()
    rows.put({names.source("DC1", "wms"): state.source(sequence=10, as_of=0, quantity=7)})
    assert numbers(told(12, rows=rows)) == [11]


def test_what_is_remembered_is_bounded_and_only_a_count_ends_what_is_not() -> None:
    rows = told(1, 10_000)
    assert len(numbers(rows)) == MOST_MISSING and missing(gap_of(rows, "DC1", "wms"))
    told(*numbers(rows), rows=rows)
    assert numbers(rows) == [] and missing(gap_of(rows, "DC1", "wms"))
    assert not missing(gap_of(told(10_001, rows=rows, kind="inventory.counted"), "DC1", "wms"))


@pytest.mark.parametrize(("location", "source"), [("YARD", "wms"), ("DC1", "erp")])
def test_only_who_is_named_is_followed(location: str, source: str) -> None:
    record = {"location": location, "source": source, "source_sequence": 5}
    assert not sequenced(RULES, location, source) and not sequenced(None, "DC1", "wms")
    assert heard(RULES, "inventory.received", record, SortedRows()) == {}


def test_what_was_refused_unread_was_not_heard() -> None:
    assert gap_of(told(5, kind="inventory.ignored", reason="no_location"), "DC1", "wms") is None
    assert gap_of(told(5, kind="inventory.ignored", reason="inside_count"), "DC1", "wms") is not None


@given(st.permutations(range(1, 13)))
def test_whatever_the_order_in_the_end_nothing_is_missing(order: list[int]) -> None:
    rows = SortedRows()
    rows.put({names.source("DC1", "wms"): state.source(sequence=0, as_of=0, quantity=0)})
    assert not missing(gap_of(told(*order, rows=rows), "DC1", "wms"))


@given(st.lists(st.integers(1, 40), min_size=1))
def test_missing_is_what_lies_between_and_was_never_heard(order: list[int]) -> None:
    assert numbers(told(*order)) == sorted(set(range(order[0], max(order))) - set(order))
