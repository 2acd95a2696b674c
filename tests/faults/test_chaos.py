"""Everything around a running wharf breaks: nothing is lost, nothing is doubled, nothing is oversold.

Two small campaigns on three brokers behind the proxy. `make chaos` runs them with other seeds, and the large ones.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.chaos.__main__ import campaign
from ops.chaos.market import Stock
from ops.chaos.report import summary
from ops.chaos.schedule import SIZES, Kind

SIZE = SIZES["ci"]
pytestmark = [pytest.mark.kafka, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.mark.parametrize(("stock", "seed"), [(Stock.AMPLE, 3), (Stock.SCARCE, 2)])
def test_whatever_breaks_every_promise_holds(
    stock: Stock, seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = campaign(SIZE, stock, seed, tmp_path, lambda _: None)
    with capsys.disabled():
        print(f"\n{summary(found)}")
    assert found.violations == []
    assert (found.orders, found.faults[Kind.KILL], found.faults[Kind.BROKER]) == (SIZE.orders, SIZE.kills, SIZE.brokers)
