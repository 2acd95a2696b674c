"""The window of what was told, and the beginning of an epoch, as a fold of facts."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.generated import feeds_v1
from schemas.generated import state_feeds_v1 as state
from tables.feeds import names, numbering
from tables.feeds.apply import apply, view_of
from tables.rows import DictRows

TOLD = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 9)), max_size=30)


@pytest.fixture(autouse=True)
def small_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """A window that a test can fill."""
    monkeypatch.setattr(numbering, "WINDOW", 4)


def folded(told: list[tuple[str, int]]) -> DictRows:
    """Rows after these entries: order key and version."""
    rows, numbers = DictRows(), count(1)
    for order_key, version in told:
        number = next(numbers)
        entry = feeds_v1.feed_entry(
            channel="portal",
            view="crm",
            seq=number,
            id=f"id-{number}",
            type="t",
            at=0,
            hash=f"hash-{number}",
            data=b"{}",
            order_key=order_key,
            version=version,
        )
        rows.put(apply("feed.entry", entry, rows))
    return rows


def names_of(rows: DictRows, kind: str) -> list[str]:
    """Names of the rows of a kind."""
    return [name for name, _ in rows.scan(f"{kind}|")]


def test_the_head_is_the_newest_entry() -> None:
    head = view_of(folded([("A", 1), ("B", 1)]))
    assert (head["channel"], head["view"], head["seq"], head["hash"], head["place"]) == (
        "portal",
        "crm",
        2,
        "hash-2",
        2,
    )


@given(TOLD)
def test_the_window_holds_the_newest_entries_and_no_others(told: list[tuple[str, int]]) -> None:
    rows, first = folded(told), max(1, len(told) - 3)
    kept = range(first, len(told) + 1)
    assert names_of(rows, "told") == [names.told(place) for place in kept]
    assert sorted(names_of(rows, "known")) == sorted(names.known(f"id-{place}") for place in kept)


@given(TOLD)
def test_an_order_key_is_guarded_as_long_as_the_window_holds_an_entry_of_it(told: list[tuple[str, int]]) -> None:
    assert names_of(folded(told), "reach") == sorted({names.reach(order_key) for order_key, _ in told[-4:]})


@given(TOLD)
def test_the_guard_is_never_below_what_the_window_holds(told: list[tuple[str, int]]) -> None:
    rows, recent = folded(told), told[-4:]
    for order_key, _ in recent:
        newest = max(version for key, version in recent if key == order_key)
        assert rows.get(names.reach(order_key))["version"] >= newest


@pytest.mark.parametrize(("epoch", "seq", "begun"), [(1, 7, 1), (2, 7, 2), (3, 0, 3)])
def test_only_a_later_epoch_begins_again(epoch: int, seq: int, begun: int) -> None:
    view = state.view(channel="portal", view="crm", epoch=min(epoch, 2), seq=7, hash="x")
    head = numbering.begun(view, epoch)
    assert (head["seq"], head["epoch"]) == (seq, begun)


def test_an_older_epoch_changes_nothing() -> None:
    view = state.view(channel="portal", view="crm", epoch=2, seq=7, hash="x")
    assert numbering.begun(view, 1) == view
