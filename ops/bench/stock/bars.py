"""What must hold of the inventory as it grows."""

from __future__ import annotations

from collections.abc import Iterator

from ops.bench.arithmetic import ratio
from ops.bench.engines.bars import Bar
from ops.bench.stock.figures import StockReport

FLAT, HOT, SHARE = 1.5, 1.3, 60.0
P50_MS, P99_MS = 60.0, 250.0


def bars(report: StockReport) -> Iterator[Bar]:
    """All claims that the run has figures for."""
    costs = [(one.skus, one.cost.cpu_us) for one in report.stores]
    yield from _grown("SKUs", FLAT, costs)
    yield from _grown("open lines of one SKU", HOT, [(one.count, one.cost.cpu_us) for one in report.lines])
    for one in report.rebuilt:
        yield Bar(f"{one.what}, made again: of raw consumption", SHARE, one.share, unit=" %")
    if report.fresh:
        where = f"accepted → in Redis at {report.fresh.per_second:g} events/s"
        yield Bar(f"{where}, p50", P50_MS, report.fresh.visible.p50_ms, unit=" ms", at_most=True)
        yield Bar(f"{where}, p99", P99_MS, report.fresh.visible.p99_ms, unit=" ms", at_most=True)


def _grown(what: str, limit: float, costs: list[tuple[int, float]]) -> Iterator[Bar]:
    """The dearest of all sizes in units of the smallest."""
    if len(costs) < 2:
        return
    first, (dearest, cost) = min(costs), max(costs, key=lambda one: one[1])
    claim = f"inventory event, {max(costs)[0]:,} {what} against {first[0]:,} (dearest at {dearest:,})"
    yield Bar(claim, limit, ratio(cost, first[1]), at_most=True)
