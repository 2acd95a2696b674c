from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tables.overlay import Overlay
from tables.rows import Changes, DictRows, Rows

names = st.sampled_from(["a|1", "a|2", "b|1", "b|2"])
changes = st.lists(st.tuples(names, st.none() | st.integers(0, 9)))


def put(kind: str, record: Any, rows: Rows) -> Changes:
    """A fact that sets or removes one row."""
    return {kind: record}


def laid_over(beneath: DictRows, told: list[tuple[str, int | None]]) -> Overlay:
    overlay = Overlay(beneath, put)
    for name, value in told:
        overlay.take(name, value)
    return overlay


@given(changes, changes)
def test_an_overlay_reads_like_rows_that_took_the_facts(
    first: list[tuple[str, int | None]], then: list[tuple[str, int | None]]
) -> None:
    beneath, both = DictRows(), DictRows()
    for name, value in first:
        beneath.put({name: value})
    for name, value in first + then:
        both.put({name: value})
    overlay = laid_over(beneath, then)
    assert [list(overlay.scan(prefix)) for prefix in ("", "a|", "b|")] == [
        list(both.scan(prefix)) for prefix in ("", "a|", "b|")
    ]
    assert [overlay.get(name) for name in ("a|1", "b|2")] == [both.get(name) for name in ("a|1", "b|2")]


def test_the_rows_beneath_stay_as_they_were() -> None:
    beneath = DictRows({"a|1": 1})
    laid_over(beneath, [("a|1", None), ("a|2", 2)])
    assert beneath.rows == {"a|1": 1}


def test_the_first_row_of_a_long_queue_is_found_without_reading_it() -> None:
    read: list[str] = []

    class Queue(DictRows):
        def scan(self, prefix: str) -> Iterator[tuple[str, Any]]:
            for name, row in super().scan(prefix):
                read.append(name)
                yield name, row

    queue = Queue({f"a|{number:03d}": number for number in range(1, 500)})
    overlay = laid_over(queue, [("a|001", None)])
    assert next(overlay.scan("a|")) == ("a|002", 2)
    assert len(read) <= 3
