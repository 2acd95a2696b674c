"""Drift as it runs: through the codec, its timer and its mailbox; the log alone rebuilds it."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.generated import inventory_v1 as inventory
from streams.engine.driver import Topology
from streams.inventory import inventory as agent
from tables.inventory.shadow import Shadow

HOUR = 3_600_000


class Hub:
    """The running agent with one SKU, counted by the WMS and observed by the ERP."""

    def __init__(self, seed: int = 0) -> None:
        self.topology, self.sequence = Topology([agent], seed=seed), 0
        self.send("stock.set-rules", inventory.set_stock_rules(sku="A", version=1, authorities={"DC1": "wms"}))
        self.says("wms", 100)
        self.says("erp", 100)

    def send(self, kind: str, record: Any) -> None:
        self.topology.advance(1)
        self.topology.send(kind, "A", record)
        self.topology.run()

    def says(self, source: str, units: int, kind: str = "counted") -> None:
        self.sequence += 1
        report = inventory.report_stock(
            sku="A", kind=kind, source=source, sequence=self.sequence, as_of=self.topology.now, location="DC1",
            quantity=units,
        )  # fmt: skip
        self.send("stock.report", report)

    def correct(self, accept: str) -> None:
        record = inventory.correct_drift(
            sku="A", location="DC1", source="erp", as_of=self.row["as_of"], accept=accept, by="ann"
        )
        self.send("stock.correct-drift", record)

    @property
    def rows(self) -> dict[str, Any]:
        return dict(self.topology.rows("inventory", "acme", "A"))

    @property
    def row(self) -> Any:
        return self.rows["compared|DC1|erp"]

    def crossings(self) -> list[str]:
        return [each.record["crossing"] for each in self.topology.log("inventory.events")
                if each.type == "inventory.drift.crossed"]  # fmt: skip


def test_a_drift_that_lasts_is_an_exception_to_the_millisecond_and_a_correction_ends_it() -> None:
    hub = Hub()
    hub.says("erp", 60)
    since = hub.row["figures"][0]["beyond_since"]
    hub.topology.advance(since + HOUR - 1 - hub.topology.now)
    assert hub.crossings() == []
    hub.topology.advance(1)
    assert (hub.crossings(), hub.row["figures"][0]["raised_at"]) == (["exceeded"], since + HOUR)
    hub.correct("observed")
    assert (hub.crossings(), hub.rows["sku"]["positions"]["DC1"]["on_hand"]) == (["exceeded", "agreed"], 60)
    hub.topology.advance(2 * HOUR)
    assert hub.crossings() == ["exceeded", "agreed"]


@pytest.mark.parametrize("accept", ["observed", "derived"])
def test_the_log_alone_rebuilds_drifts_and_corrections(accept: str) -> None:
    hub = Hub()
    hub.says("wms", -8, kind="adjusted")
    hub.says("erp", 60)
    hub.topology.advance(HOUR)
    hub.correct(accept)
    hub.says("wms", -3, kind="adjusted")
    hub.says("wms", hub.rows["sku"]["positions"]["DC1"]["on_hand"] - 1)
    shadow = Shadow()
    for message in hub.topology.log("inventory.events"):
        shadow.take(message.envelope, message.record)
    assert {name: shadow.rows.get(name) for name in hub.rows} == hub.rows
    assert [name for name, _ in shadow.rows.scan("compared|")] == ["compared|DC1|erp"]


@pytest.mark.parametrize("seed", range(6))
def test_who_buys_meanwhile_is_sold_what_is_there(seed: int) -> None:
    hub = Hub(seed)
    hub.says("erp", 1)
    lines = [inventory.reserve_line(line="1", quantity=100)]
    hub.send("stock.reserve", inventory.reserve(sku="A", holder="PO-1", attempt=1, channel="portal", lines=lines))
    assert hub.rows["sku"]["positions"]["DC1"]["reserved"] == 100
