"""Which offsets may be committed while records are handled concurrently."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.engine.offsets import Offsets
from streams.engine.records import TP

ONE, TWO = TP("t", 0), TP("t", 1)


def begun(*offsets: int, tp: TP = ONE) -> Offsets:
    books = Offsets()
    for offset in offsets:
        books.began(tp, offset)
    return books


def test_nothing_done_is_nothing_to_commit() -> None:
    assert begun(0, 1).take() == {}


def test_a_record_done_out_of_order_waits_for_the_one_before_it() -> None:
    books = begun(0, 1, 2)
    books.done(ONE, 1)
    books.done(ONE, 2)
    assert books.take() == {}
    books.done(ONE, 0)
    assert books.take() == {ONE: 3}


def test_the_first_record_that_is_not_done_is_known() -> None:
    books = begun(3, 5, 7)
    books.done(ONE, 3)
    books.done(ONE, 7)
    assert [books.is_first(ONE, offset) for offset in (3, 5, 7)] == [False, True, False]
    assert not books.is_first(TWO, 5)


def test_gaps_in_offsets_are_no_gaps_in_what_was_read() -> None:
    books = begun(0, 7, 100)
    books.done(ONE, 0)
    books.done(ONE, 7)
    assert books.take() == {ONE: 8}


def test_what_was_taken_is_not_taken_again() -> None:
    books = begun(0)
    books.done(ONE, 0)
    assert (books.take(), books.take()) == ({ONE: 1}, {})


def test_partitions_do_not_wait_for_each_other() -> None:
    books = begun(0)
    books.began(TWO, 5)
    books.done(TWO, 5)
    assert books.take() == {TWO: 6}


def test_a_partition_that_was_taken_away_is_not_committed() -> None:
    books = begun(0)
    books.forget(ONE)
    books.done(ONE, 0)
    assert (books.take(), books.open) == ({}, 0)


def test_a_record_behind_a_gap_counts_as_open() -> None:
    books = begun(0, 1, 2)
    books.done(ONE, 2)
    assert books.open == 3


@given(st.sets(st.integers(0, 50), min_size=1), st.randoms())
def test_only_what_is_done_without_a_gap_is_ever_committed(offsets: set[int], chance: object) -> None:
    order = sorted(offsets)
    books, shuffled, done = begun(*order), list(order), set()
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    for offset in shuffled:
        books.done(ONE, offset)
        done.add(offset)
        for committed in books.take().values():
            assert all(earlier in done for earlier in order if earlier < committed)
    assert books.open == 0
