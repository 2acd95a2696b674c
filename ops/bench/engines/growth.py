"""What stands there already must not make an event dearer: SKUs in a store, open lines of one SKU."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ops.bench.cost import Cost
from ops.bench.engines.figures import GrowthFigures
from ops.bench.stock.commands import BEGAN, command
from ops.bench.stock.growing import decide
from ops.catalog import agent_of
from schemas.generated.inventory_v1 import report_stock, reserve, reserve_line
from streams.engine.deciding import Deciding
from streams.engine.records import Record
from tables.store import Belongs, Store, fingerprint
from tables.store_layer import Layer

SKUS, LINES = "SKUs", "open lines of one SKU"
SKU, BATCH = "HOT-1", 500
STOCK = 1 << 40  # there is enough of it


class Shelf:
    """One SKU's commands, decided by the inventory agent over a store on disk, without a broker."""

    def __init__(self, folder: Path) -> None:
        agent = agent_of("inventory")
        assert agent.table is not None
        self._deciding = Deciding(agent)
        self._store = Store.open(folder, Belongs(fingerprint(agent.table), "bench", 0, STOCK))
        self._done = 0

    def stock(self) -> None:
        """A first count."""
        report = report_stock(sku=SKU, kind="counted", source="wms", as_of=BEGAN, location="ATL", quantity=STOCK)
        self._decide([self._record("stock.report", report)])

    def reserve(self, orders: int) -> None:
        """So many orders of one line each."""
        for begin in range(0, orders, BATCH):
            self._decide([self._order() for _ in range(begin, min(begin + BATCH, orders))])

    def close(self) -> None:
        """Close the store."""
        self._store.close()

    def _order(self) -> Record:
        line = reserve_line(line="1", quantity=1)
        asked = reserve(sku=SKU, holder=f"order-{self._done}", attempt=1, channel="portal", lines=[line])
        return self._record("stock.reserve", asked)

    def _record(self, kind: str, body: Mapping[str, Any]) -> Record:
        self._done += 1
        return command(kind, SKU, body, self._done)

    def _decide(self, records: list[Record]) -> None:
        self._store.write(decide(self._deciding, records, Layer(self._store)).layer.encoded(), self._done)


def lines(folder: Path, open_lines: int, more: int) -> GrowthFigures:
    """What `more` orders cost where so many lines are open; deciding and RocksDB, without the broker."""
    shelf = Shelf(folder / f"lines-{open_lines}")
    shelf.stock()
    shelf.reserve(open_lines)
    begun, used = time.perf_counter(), time.process_time()
    shelf.reserve(more)
    cost = Cost(more, time.perf_counter() - begun, time.process_time() - used)
    shelf.close()
    return GrowthFigures(LINES, open_lines, cost)
