"""A log of stock for tests: what the inventory agent decides on commands, as records in their partitions' order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.generated import inventory_v1 as inventory
from streams.engine.driver import Topology
from streams.engine.records import Record
from streams.inventory import inventory as agent

FACTS, OFFERS = "inventory.events", "inventory.availability"


class Stock:
    """The running inventory agent in memory; every command is decided at a millisecond of its own."""

    def __init__(self) -> None:
        self.topology = Topology([agent])

    def send(self, kind: str, sku: str, record: Mapping[str, Any]) -> None:
        """One command, decided."""
        self.topology.advance(1)
        self.topology.send(kind, sku, record)
        self.topology.run()

    def count(self, sku: str, units: int, sequence: int = 1, location: str = "DC1", source: str = "wms1") -> None:
        """Somebody counts a location."""
        report = inventory.report_stock(
            sku=sku, kind="counted", source=source, sequence=sequence, as_of=self.topology.now, location=location,
            quantity=units,
        )  # fmt: skip
        self.send("stock.report", sku, report)

    def reserve(self, sku: str, holder: str, units: int, **more: Any) -> None:
        """An order, or a cart, holds some."""
        lines = [inventory.reserve_line(line="1", quantity=units)]
        given = {"channel": "portal", "attempt": 1, **more}
        self.send("stock.reserve", sku, inventory.reserve(sku=sku, holder=holder, lines=lines, **given))

    def rules(self, sku: str, **more: Any) -> None:
        """Rules of the SKU."""
        self.send("stock.set-rules", sku, inventory.set_stock_rules(sku=sku, version=1, **more))

    def records(self, topic: str = FACTS) -> list[Record]:
        """A topic as it stands in the log."""
        return list(self.topology.memory.order[topic])
