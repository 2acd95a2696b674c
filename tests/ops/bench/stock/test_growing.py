"""Stores of any size hold what the agent itself would have written, and go on as its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.bench.stock import growing
from ops.bench.stock.commands import TENANT, command, counted, sku_of
from ops.bench.stock.growing import NotDecided, Shelves, decide, grown, pattern_of_one, rows_of
from ops.catalog import agent_of
from streams.engine.deciding import Deciding
from tables.store_layer import Layer
from tables.store_memory import MemoryStore


def decided_rows(number: int) -> dict[bytes, bytes | None]:
    """A SKU's rows as the agent makes them."""
    records = [counted(sku_of(number), time, 100 + time) for time in range(1, growing.COUNTS + 1)]
    return dict(decide(Deciding(agent_of("inventory")), records, Layer(MemoryStore())).layer.encoded())


def test_a_filled_store_holds_what_the_agent_would_have_written() -> None:
    assert rows_of(range(7, 8)) == decided_rows(7)


def test_every_sku_has_its_own_rows() -> None:
    assert len(rows_of(range(30))) == 30 * len(pattern_of_one())
    assert all(key.startswith(f"{TENANT}|SKU-".encode()) for key in rows_of(range(30)))


def test_events_are_decided_over_what_was_filled(tmp_path: Path) -> None:
    shelves = Shelves(tmp_path / "store", 40)
    shelves.run(2)
    found = shelves.figures()
    shelves.close()
    assert (found.skus, found.cost.events) == (40, 80)
    assert found.disk > 0


def test_the_first_batches_are_not_counted(tmp_path: Path) -> None:
    shelves = Shelves(tmp_path / "store", 40)
    shelves.run(2, counted=False)
    assert shelves.figures().cost.events == 0
    shelves.close()


def test_all_sizes_have_as_many_events_on_skus_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing, "BATCH", 20)
    found = grown(tmp_path, (20, 50), batches=12)
    assert [(one.skus, one.cost.events) for one in found] == [(20, 240), (50, 240)]


def test_a_command_that_dies_ends_the_bench() -> None:
    report = command("stock.wake-answer", "A", {"sku": "A", "holder": "h", "wake_id": "w"}, 1)
    report.value = b"nonsense"
    with pytest.raises(NotDecided):
        decide(Deciding(agent_of("inventory")), [report], Layer(MemoryStore()))
