"""Rows that are scanned in order answer as plain rows do, and as fast as their answer is long."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tables.rows import DictRows
from tables.sorted_rows import SortedRows

names = st.builds("{}|{}".format, st.sampled_from(["hold", "over"]), st.sampled_from("abcd"))
changes = st.dictionaries(names, st.one_of(st.none(), st.integers()), max_size=3)


@given(st.lists(st.tuples(changes, st.sampled_from(["hold|", "over|", "hold|b"]))))
def test_sorted_rows_are_plain_rows(steps: list[tuple[dict[str, int | None], str]]) -> None:
    plain, quick = DictRows(), SortedRows()
    for change, prefix in steps:
        plain.put(change)
        quick.put(change)
        assert list(quick.scan(prefix)) == list(plain.scan(prefix))
        assert quick.get("hold|a") == plain.get("hold|a")
    assert quick.rows == plain.rows


def test_a_scan_yields_no_more_than_is_asked_for() -> None:
    rows = SortedRows()
    rows.put({f"over|{place:04d}": place for place in range(1_000)})
    assert next(rows.scan("over|")) == ("over|0000", 0)
