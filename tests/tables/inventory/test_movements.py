"""The movement log: merging, dedupe window, forgetting."""

from __future__ import annotations

import pytest

from schemas.generated import inventory_v1 as inventory
from schemas.generated import state_inventory_v1 as state
from schemas.generated.inventory_v1 import StockMove
from schemas.generated.state_inventory_v1 import Sku
from tables.inventory import movements, names
from tables.rows import DictRows


def move(at: int, units: int = 1, *, sequence: int | None = None, event_id: str = "", source: str = "wms") -> StockMove:
    return inventory.stock_move(
        location="DC1", on_hand=units, source=source, sequence=sequence, event_id=event_id, at=at
    )


def logged(*moves: StockMove) -> tuple[Sku, DictRows]:
    sku, rows = state.sku(), DictRows()
    for each in moves:
        sku, changes = movements.remember(sku, rows, [each])
        rows.put(changes)
    return sku, rows


@pytest.mark.parametrize(("at", "within"), [(9, True), (10, True), (11, False)])
def test_by_time_a_count_has_inside_what_was_not_later(at: int, within: bool) -> None:
    assert movements.inside(move(at), "wms", None, as_of=10) is within


@pytest.mark.parametrize(("sequence", "within"), [(4, True), (5, True), (6, False)])
def test_by_sequence_a_count_has_inside_what_was_not_higher(sequence: int, within: bool) -> None:
    assert movements.inside(move(999, sequence=sequence), "wms", 5, as_of=10) is within


def test_another_sources_sequence_says_nothing() -> None:
    assert movements.inside(move(9, sequence=99, source="3pl"), "wms", 5, as_of=10)


def test_a_location_that_was_never_counted_has_nothing_inside() -> None:
    assert not movements.inside_last_count(move(1), inventory.position(location="DC1"))


def test_what_moved_after_a_count_is_outstanding() -> None:
    _, rows = logged(move(5, 7), move(15, -2), move(20, 4))
    assert movements.outstanding(rows, "DC1", "wms", None, as_of=10) == (2, {})


def test_a_count_settles_what_it_has_inside() -> None:
    _, rows = logged(move(5), move(15))
    settled = movements.settled(rows, "DC1", "wms", None, 10)
    assert list(settled) == [names.move("DC1", 1)]


def test_the_window_forgets_its_oldest_and_remembers_from_when(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(movements, "WINDOW", 2)
    sku, rows = logged(move(5, event_id="a"), move(15, event_id="b"), move(20, event_id="c"))
    assert (sku["forgotten"], rows.get(names.event("a")), rows.get(names.event("b"))) == (
        {"DC1": 5},
        None,
        {"place": 2},
    )
    assert [name for name, _ in rows.scan(names.moves("DC1"))] == [names.move("DC1", 2), names.move("DC1", 3)]


def test_forgetting_what_a_count_settled_moves_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(movements, "WINDOW", 1)
    sku, rows = logged(move(5, event_id="a"))
    rows.put({names.move("DC1", 1): None})
    sku, _ = movements.remember(sku, rows, [move(9, event_id="b")])
    assert sku["forgotten"] == {}


def test_a_command_takes_a_place_in_the_window() -> None:
    sku, changes = movements.remember_command(state.sku(), DictRows(), "release/1")
    assert (sku["logged"], changes[names.event("release/1")]) == (1, {"place": 1})
