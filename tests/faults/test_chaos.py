"""Processes are killed, and everything around a running wharf breaks: nothing is lost, doubled or oversold.

Two small campaigns on three brokers behind the proxy, each with two SIGKILLs of every process. `make kills` and
`make chaos` run the large ones, and other seeds.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.chaos.__main__ import campaign
from ops.chaos.market import Stock
from ops.chaos.report import summary
from ops.chaos.schedule import SIZES, Kind
from ops.chaos.system import names

pytestmark = [pytest.mark.kafka, pytest.mark.alone, pytest.mark.slow, pytest.mark.timeout(600)]
PROCESSES = sum(len(group) for group in names().values())


@pytest.mark.parametrize(
    ("name", "stock", "seed"), [("two", Stock.AMPLE, 1), ("ci", Stock.SCARCE, 2)], ids=["kills alone", "everything"]
)
def test_whatever_breaks_every_promise_holds(
    name: str, stock: Stock, seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    size = SIZES[name]
    found = campaign(size, stock, seed, tmp_path, lambda _: None)
    with capsys.disabled():
        print(f"\n{summary(found)}")
    assert found.violations == []
    assert (found.orders, found.faults[Kind.KILL]) == (size.orders, 2 * PROCESSES)
    assert found.faults.get(Kind.BROKER, 0) == size.brokers
