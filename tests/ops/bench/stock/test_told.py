"""The inventory's tables and bars."""

from __future__ import annotations

import pytest

from ops.bench import shown
from ops.bench.arithmetic import Spread
from ops.bench.cost import Cost
from ops.bench.engines.bars import Bar
from ops.bench.engines.figures import GrowthFigures
from ops.bench.figures import Report
from ops.bench.stock.bars import bars
from ops.bench.stock.figures import FreshFigures, RebuiltFigures, SavedFigures, StockReport, StoreFigures
from ops.bench.stock.run import FULL, QUICK
from ops.bench.stock.told import tables


def cost(us: float, events: int = 1_000, seconds: float = 1.0) -> Cost:
    return Cost(events, seconds, us * events / 1e6)


def made() -> StockReport:
    stores = [StoreFigures(10_000, cost(100), 3_000_000, 2_000_000), StoreFigures(100_000, cost(160), 1, 1)]
    stores.append(StoreFigures(1_000_000, cost(140), 250_000_000, 100_000_000))
    lines = [GrowthFigures("open lines of one SKU", count, cost(us)) for count, us in ((10, 100), (100_000, 120))]
    rebuilt = [RebuiltFigures("Redis", cost(1, 1_000, 1.0), cost(1, 1_000, 0.25))]
    fresh = FreshFigures(500, 5, 900, 0, Spread(8, 20, 900), Spread(50, 300, 900), Spread(60, 310, 900))
    return StockReport(stores, lines, 412.4, rebuilt, [SavedFigures("a feed", 200, 10)], fresh)


def bar(claim: str) -> Bar:
    return next(one for one in bars(made()) if claim in one.claim)


def test_the_dearest_size_is_held_against_the_smallest() -> None:
    found = bar("1,000,000 SKUs against 10,000 (dearest at 100,000)")
    assert (found.measured, found.held) == (pytest.approx(1.6), False)


def test_open_lines_may_cost_three_tenths_more() -> None:
    assert bar("open lines").measured == pytest.approx(1.2)
    assert bar("open lines").held


def test_a_rebuild_is_told_as_a_share_of_raw_consumption() -> None:
    assert bar("Redis, made again").cells()[1:] == ["≥ 60 %", "25.00 %", "MISSED"]


def test_freshness_has_two_bars() -> None:
    assert (bar("p50").held, bar("p99").held) == (True, False)


def test_memory_is_told_per_sku() -> None:
    rows = {row[0]: list(row) for row in next(tables(made())).rows}
    assert rows["1,000,000 SKUs"] == ["1,000,000 SKUs", "1,000", "140", "250", "100"]
    assert "A SKU takes 412 bytes of Redis." in [table.note for table in tables(made())]


def test_only_what_was_measured_is_told() -> None:
    assert list(tables(StockReport())) == []


def test_the_tables_stand_among_all_others() -> None:
    report = Report("2026-03-02T08:00:00+00:00", {}, 0, stock=made())
    assert "What must hold of stock" in shown.markdown(report)
    assert report.told()["stock"]["saved"] == [{"of": "a feed", "commands": 200, "told": 10}]


def test_quick_is_smaller_in_everything() -> None:
    assert max(QUICK.skus) < max(FULL.skus)
    assert max(QUICK.lines) < max(FULL.lines)
    assert (QUICK.rebuilt, QUICK.per_second, QUICK.seconds) < (FULL.rebuilt, FULL.per_second, FULL.seconds)
