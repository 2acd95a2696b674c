"""Ledger rows, standings, the queue's rows, and how holders that are done are tidied away."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.generated import inventory_v1 as inventory
from schemas.generated import state_inventory_v1 as state
from tables.inventory import ledger, names
from tables.inventory.apply import apply
from tables.rows import DictRows

texts = st.text(st.sampled_from("ab|%"), max_size=4)


def entry(reserved: int, allocated: int = 0) -> inventory.LedgerEntry:
    return inventory.ledger_entry(holder="PO-7", line="1", location="DC1", reserved=reserved, allocated=allocated)


def standing(holder: str, *, ticket: str = "", over_since: int | None = None, waiting: int = 0) -> inventory.Standing:
    lines = [inventory.standing_line(line="1", quantity=waiting, waiting=waiting)] if waiting else []
    return inventory.standing(holder=holder, ticket=ticket, over_since=over_since, lines=lines)


def put(rows: DictRows, at: int, new: inventory.Standing) -> int:
    sku = ledger.totalled(state.sku(), rows.get(names.attempt(new["holder"])), new)
    rows.put(ledger.placed(rows, new, at))
    return sku["waiting"]


def test_a_ledger_row_keeps_since_when_it_holds() -> None:
    rows = DictRows()
    rows.put(ledger.entry(rows, entry(3), at=10))
    rows.put(ledger.entry(rows, entry(2), at=20))
    row = rows.get(names.hold("PO-7", "1", "DC1"))
    assert (row["reserved"], row["since"]) == (2, 10)


def test_a_ledger_row_that_holds_nothing_is_gone() -> None:
    rows = DictRows()
    rows.put(ledger.entry(rows, entry(3), at=10))
    rows.put(ledger.entry(rows, entry(0), at=20))
    assert rows.rows == {}


def test_the_queue_follows_the_standings() -> None:
    rows = DictRows()
    assert put(rows, 1, standing("PO-7", ticket=names.ticket(5, 1), waiting=4)) == 4
    assert put(rows, 2, standing("PO-7", ticket=names.ticket(5, 1), waiting=1)) == -3
    [(_, row)] = rows.scan(names.WAITING)
    assert (row["quantity"], row["since"]) == (1, 1)
    assert put(rows, 3, standing("PO-7")) == -1
    assert list(rows.scan(names.WAITING)) == []


def test_a_new_place_in_the_queue_replaces_the_old_one() -> None:
    rows = DictRows()
    put(rows, 1, standing("PO-7", ticket=names.ticket(5, 1), waiting=4))
    put(rows, 2, standing("PO-7", ticket=names.ticket(5, 9), waiting=4))
    [(name, _)] = rows.scan(names.WAITING)
    assert name == names.waiting(names.ticket(5, 9))


@given(st.integers(0, 99_999), st.integers(0, 10**14), st.integers(0, 99_999), st.integers(0, 10**14))
def test_places_sort_by_rank_then_by_age(rank: int, seq: int, other_rank: int, other_seq: int) -> None:
    first, second = names.ticket(rank, seq), names.ticket(other_rank, other_seq)
    assert (first < second) == ((rank, seq) < (other_rank, other_seq))


@given(st.tuples(texts, texts, texts), st.tuples(texts, texts, texts))
def test_different_parts_never_have_the_same_name(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    assert (names.hold(*one) == names.hold(*other)) == (one == other)


def test_a_holder_that_is_done_is_tidied_away_when_nobody_can_ask_for_it_any_more() -> None:
    rows = DictRows()
    put(rows, 1, standing("OLD", over_since=1))
    rows.put({names.shipment("OLD", "e", "1", "DC1"): state.shipped(quantity=1, at=1)})
    put(rows, ledger.KEPT_MS, standing("RECENT", over_since=ledger.KEPT_MS))
    assert rows.get(names.attempt("OLD")) is not None
    put(rows, ledger.KEPT_MS + 2, standing("NEW", over_since=ledger.KEPT_MS + 2))
    left = [name for name in rows.rows if "OLD" in name]
    assert (left, len(list(rows.scan(names.OVER)))) == ([], 2)


def test_a_holder_that_begins_again_is_not_tidied_away() -> None:
    rows = DictRows()
    put(rows, 1, standing("PO-7", over_since=1))
    put(rows, 2, standing("PO-7"))
    put(rows, ledger.KEPT_MS + 2, standing("NEW", over_since=ledger.KEPT_MS + 2))
    assert rows.get(names.attempt("PO-7")) is not None


def test_a_backlog_of_done_holders_shrinks_with_each_one_that_ends() -> None:
    rows = DictRows()
    for index in range(6):
        put(rows, 1, standing(f"OLD-{index}", over_since=1))
    put(rows, ledger.KEPT_MS + 2, standing("NEW", over_since=ledger.KEPT_MS + 2))
    assert len(list(rows.scan(names.OVER))) == 6 - ledger.TIDIED + 1


def test_a_fact_that_is_not_newer_changes_nothing() -> None:
    rows = DictRows()
    fact: Any = inventory.command_ignored(sku="S", seq=1, at=1, command="stock.report", reason="duplicate")
    rows.put(apply("inventory.ignored", fact, rows))
    assert rows.get(names.SKU)["seq"] == 1
    assert apply("inventory.ignored", fact, rows) == {}


def test_what_is_only_for_readers_changes_no_row() -> None:
    told: Any = inventory.availability_changed(sku="S", version=9, default_quantity=1)
    assert apply("availability.changed", told, DictRows()) == {}
