"""A snapshot on its way: killed anywhere it is finished by the same command, with nothing lost and nothing counted twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.channels.readers.stock_rows import RefusedRow, StockRow
from ops.snapshots import send as sending
from ops.snapshots.journal import Journal, Totals
from ops.snapshots.send import How, send
from tests.ops.snapshots.rows import AT, HOUR, FakeHub, Killed, row, some

Rows = Iterable[StockRow | RefusedRow]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of two rows."""
    monkeypatch.setattr(sending.chunks, "__defaults__", (2,))


def run(folder: Path, rows: Rows, hub: FakeHub, how: How | None = None, name: str = "") -> Totals:
    """One run of the command to its end."""
    with Journal(folder / "j.sqlite") as journal:
        journal.begin(name or "one", AT)
        totals = send(rows, journal, hub, how or How("wms1"), lambda _: None)
        journal.finish(AT)
        return totals


def until_done(folder: Path, rows: Rows, hub: FakeHub, kills: Sequence[int], name: str = "same") -> Totals:
    """The same command again and again, killed after so many requests each time."""
    for kill in kills:
        hub.kill_after = kill
        try:
            return run(folder, rows, hub, How("wms1", window=1), name)
        except Killed:
            continue
    hub.kill_after = -1
    return run(folder, rows, hub, How("wms1", window=1), name)


def test_every_row_is_said_once(tmp_path: Path) -> None:
    hub = FakeHub()
    assert run(tmp_path, some(5), hub) == Totals(3, 5, 0, 0, 5)
    assert sorted(one.line for one in hub.said) == [2, 3, 4, 5, 6]


def test_a_second_snapshot_says_only_what_is_new(tmp_path: Path) -> None:
    hub = FakeHub()
    run(tmp_path, some(6), hub)
    later = [replace(one, as_of=AT + HOUR, quantity="7" if one.line == 4 else "5") for one in some(6)]
    assert run(tmp_path, later, hub) == Totals(3, 1, 5, 0, 1)
    assert [one.line for one in hub.said if one.quantity == "7"] == [4]


def test_a_hub_that_cannot_tell_is_told_everything(tmp_path: Path) -> None:
    hub = FakeHub(blind=True)
    run(tmp_path, some(4), hub)
    assert run(tmp_path, some(4, as_of=AT + HOUR), hub).sent == 4


def test_a_hub_that_was_emptied_is_told_everything(tmp_path: Path) -> None:
    run(tmp_path, some(4), FakeHub())
    emptied = FakeHub()
    assert run(tmp_path, some(4, as_of=AT + HOUR), emptied).sent == len(emptied.said) == 4


def test_unchanged_rows_are_said_where_that_is_wanted(tmp_path: Path) -> None:
    hub = FakeHub()
    run(tmp_path, some(4), hub)
    assert run(tmp_path, some(4, as_of=AT + HOUR), hub, How("wms1", everything=True)).sent == 4


def test_rows_around_one_that_the_hub_refuses_go_through(tmp_path: Path) -> None:
    hub = FakeHub(bad={"SKU-0003", "SKU-0005"}, late={"SKU-0006": "stale_sequence"})
    assert run(tmp_path, some(6), hub) == Totals(3, 3, 0, 3, 3)
    with Journal(tmp_path / "j.sqlite") as journal:
        assert [(one.line, one.code) for one in journal.refusals()] == [(3, "WH1304"), (5, "WH1304"), (6, "WH1407")]


def test_a_row_that_was_refused_is_not_unchanged_next_time(tmp_path: Path) -> None:
    hub = FakeHub(bad={"SKU-0002"})
    run(tmp_path, some(2), hub)
    hub.bad.clear()
    assert run(tmp_path, some(2, as_of=AT + HOUR), hub).sent == 1


@pytest.mark.parametrize("kill", range(1, 6))
def test_killed_at_any_request_the_same_command_says_the_rest_under_the_same_keys(tmp_path: Path, kill: int) -> None:
    calm, shaken = FakeHub(), FakeHub()
    (tmp_path / "calm").mkdir()
    expected = run(tmp_path / "calm", some(9), calm, How("wms1", window=1))
    assert until_done(tmp_path, some(9), shaken, [kill]) == expected
    assert shaken.taken == calm.taken
    assert len(shaken.asked) == len(calm.asked) + 1  # the one whose answer was lost, again


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 4), max_size=6), st.sets(st.integers(2, 12), max_size=3))
def test_however_often_it_is_killed_it_ends_as_if_it_had_not_been(
    tmp_path_factory: pytest.TempPathFactory, kills: list[int], bad: set[int]
) -> None:
    folder = tmp_path_factory.mktemp("kills")
    (folder / "calm").mkdir()
    rows = [*some(9), RefusedRow(11, "sku", "WH1105", ""), replace(row(2), line=12)]
    skus = {f"SKU-{line:04}" for line in bad}
    calm, shaken = FakeHub(bad=skus), FakeHub(bad=skus)
    expected = run(folder / "calm", rows, calm, How("wms1", window=1), "same")
    assert until_done(folder, rows, shaken, kills) == expected
    assert shaken.taken == calm.taken


def test_a_kill_never_leaves_out_what_was_not_agreed(tmp_path: Path) -> None:
    """The hub took the rows, the answer was lost, another snapshot comes: it says them again."""
    hub = FakeHub(kill_after=1)
    with pytest.raises(Killed):
        run(tmp_path, some(2), hub, name="first")
    hub.kill_after = -1
    assert run(tmp_path, some(2, as_of=AT + HOUR), hub, name="second") == Totals(1, 2, 0, 0, 2)


def test_a_finished_snapshot_sent_again_says_nothing(tmp_path: Path) -> None:
    hub = FakeHub()
    run(tmp_path, some(4), hub)
    assert run(tmp_path, some(4), hub) == Totals(2, 0, 4, 0, 0)


def test_progress_is_told_and_ends_with_all(tmp_path: Path) -> None:
    told = list[Totals]()
    with Journal(tmp_path / "j.sqlite") as journal:
        journal.begin("one", AT)
        send(some(9), journal, FakeHub(), How("wms1"), lambda totals: told.append(totals()))
    assert told[-1].agreed == 9
    assert [one.rows for one in told] == sorted(one.rows for one in told)


def test_no_more_of_a_file_is_read_than_may_be_on_its_way(tmp_path: Path) -> None:
    """Back-pressure: a hub that does not answer stops the reading."""
    read = list[int]()

    def rows() -> Iterator[StockRow]:
        for one in some(500):
            read.append(one.line)
            yield one

    with pytest.raises(Killed):
        run(tmp_path, rows(), FakeHub(kill_after=0), How("wms1", window=2), "lazy")
    assert len(read) < 40
