"""The measurement measures what it says: the files it makes, and a gateway that agrees to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.channels.readers.stock_rows import Given, StockRow
from ops.gateway_client import Gateway
from ops.snapshots import bench
from ops.snapshots.dry import DryHub
from ops.snapshots.files import look, rows
from ops.snapshots.hub import GatewayHub, deliver
from ops.snapshots.journal import Journal, Totals
from ops.snapshots.send import How, send
from tests.ops.snapshots.rows import some

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


def positions(path: Path) -> list[StockRow]:
    given = Given(round(NOW.timestamp() * 1000))
    return [row for row in rows(look(path), given) if isinstance(row, StockRow)]


def test_one_row_in_twenty_changes(tmp_path: Path) -> None:
    bench.write(tmp_path / "a.csv", 200, NOW, changed=0)
    bench.write(tmp_path / "b.csv", 200, NOW + timedelta(hours=1), changed=1)
    first, second = positions(tmp_path / "a.csv"), positions(tmp_path / "b.csv")
    assert len({(row.sku, row.location) for row in first}) == 200
    assert sum(one.quantity != other.quantity for one, other in zip(first, second, strict=True)) == 10


def test_a_stand_in_agrees_and_remembers(tmp_path: Path) -> None:
    with bench._gateway(running=False) as told, Gateway(told["WHARF_URL"], "k") as at:
        hub = GatewayHub(at, "bench")
        assert len(deliver(hub, some(3, unit="EA")).agreed) == 3
        held = hub.standing("bench", ["SKU-0002", "SKU-0004", "NOBODY"])
        assert sorted(sku for sku, _ in held) == ["SKU-0002", "SKU-0004"]


@pytest.mark.parametrize("everything", [False, True])
def test_a_trial_run_agrees_to_everything_and_knows_nothing(tmp_path: Path, everything: bool) -> None:
    with Journal(tmp_path / "j.sqlite") as journal:
        journal.begin("one", 0)
        assert send(some(3), journal, DryHub(), How("wms1", everything), lambda _: None) == Totals(1, 3, 0, 0, 3)
