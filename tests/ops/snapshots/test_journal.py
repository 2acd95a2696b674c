"""What is remembered, and that only what was agreed counts as said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.channels.readers.stock_rows import RefusedRow
from ops.exits import Exit, Failed
from ops.snapshots.decide import Plan, Said
from ops.snapshots.journal import Journal, Totals
from tests.ops.snapshots.rows import AT, row, some

PLACE = ("SKU-0002", "DC1")
BAD = RefusedRow(9, "sku", "WH1105", "expected a sku", "", "DC1")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "j.sqlite"


@pytest.fixture
def journal(file: Path) -> Iterator[Journal]:
    with Journal(file) as opened:
        opened.begin("one", AT)
        yield opened


def test_a_row_on_its_way_does_not_count_as_said(journal: Journal) -> None:
    journal.decided(Plan(1, tuple(some(2)), 0, ()), some(2))
    assert journal.said([PLACE]) == {}
    journal.agreed(1, some(2), [])
    assert journal.said([PLACE]) == {PLACE: Said("5|||", AT, None)}


def test_a_time_that_had_not_come_is_not_remembered(journal: Journal) -> None:
    ahead = row(2, as_of=AT + 60_000)
    journal.decided(Plan(1, (ahead,), 0, ()), [ahead])
    journal.agreed(1, [ahead], [])
    assert journal.said([PLACE])[PLACE].as_of == AT


def test_what_is_on_its_way_is_found_after_a_kill_as_it_was(file: Path, journal: Journal) -> None:
    told = row(2, classes=(("damaged", "1"),), unsellable="1", sequence=7, unit="EA")
    journal.decided(Plan(1, (told,), 3, (BAD,)), [told])
    journal.__exit__(None, None, None)
    with Journal(file) as again:
        assert again.begin("one", AT + 5)
        assert (list(again.pending()), again.planned(), again.began) == ([(1, (told,))], 1, AT)
        assert again.totals() == Totals(1, 1, 3, 1, 0)


def test_what_is_refused_by_the_hub_is_neither_said_nor_sent(journal: Journal) -> None:
    journal.decided(Plan(1, tuple(some(2)), 0, ()), some(2))
    journal.agreed(1, [row(3)], [RefusedRow(2, "quantity", "WH1304", "half", *PLACE)])
    assert journal.said([PLACE]) == {}
    assert journal.totals() == Totals(1, 1, 0, 1, 1)
    assert (list(journal.pending()), dict(journal.reasons())) == ([], {"WH1304": 1})


def test_a_chunk_without_anything_to_say_waits_for_nobody(journal: Journal) -> None:
    journal.decided(Plan(1, (), 2, ()), some(2))
    assert list(journal.pending()) == []


def test_a_position_is_known_to_have_stood_in_this_run_only(journal: Journal) -> None:
    journal.decided(Plan(1, (row(2),), 0, (RefusedRow(3, "", "WH1404", ""),)), some(2))
    assert journal.seen([PLACE, ("SKU-0003", "DC1")]) == {PLACE: 2}
    journal.finish(AT)
    assert journal.begin("one", AT) is False
    assert journal.seen([PLACE]) == {}


def test_refusals_come_by_line(journal: Journal) -> None:
    other = RefusedRow(2, "quantity", "WH1107", "negative", *PLACE)
    journal.decided(Plan(1, (), 0, (BAD, other)), [])
    assert list(journal.refusals()) == [other, BAD]


@pytest.mark.parametrize(("snapshot", "finished"), [("two", False), ("one", True)])
def test_another_snapshot_or_a_finished_one_begins_anew_and_keeps_what_was_said(
    journal: Journal, snapshot: str, finished: bool
) -> None:
    journal.decided(Plan(1, (row(2),), 0, (BAD,)), [row(2)])
    journal.agreed(1, [row(2)], [])
    journal.decided(Plan(2, (row(3),), 0, ()), [row(3)])
    if finished:
        journal.finish(AT)
    assert journal.begin(snapshot, AT) is False
    assert (list(journal.pending()), list(journal.refusals()), journal.planned()) == ([], [], 0)
    assert list(journal.said([PLACE, ("SKU-0003", "DC1")])) == [PLACE]


def test_a_transaction_that_fails_leaves_nothing(journal: Journal) -> None:
    journal.decided(Plan(1, (row(2),), 0, ()), [row(2)])
    with pytest.raises(Exception, match="UNIQUE"):
        journal.decided(Plan(1, (row(3),), 0, (BAD,)), [row(3)])
    assert (journal.totals().sent, list(journal.refusals())) == (1, [])


def test_two_processes_do_not_share_a_source(file: Path, journal: Journal) -> None:
    with pytest.raises(Failed, match="another process") as failed:
        Journal(file)
    assert failed.value.code is Exit.TRY_AGAIN
