"""The inventory's figures as tables."""

from __future__ import annotations

from collections.abc import Iterator

from ops.bench.arithmetic import Spread
from ops.bench.stock.bars import bars
from ops.bench.stock.figures import FreshFigures, RebuiltFigures, SavedFigures, StockReport
from ops.bench.table import Table


def tables(report: StockReport) -> Iterator[Table]:
    """All that was measured, and what must hold."""
    yield from _grown(report)
    if report.rebuilt:
        yield Table(
            "Made again from the log, beside a consumer that only reads it",
            ("what", "records", "records/s", "raw records/s", "% of raw"),
            [_rebuilt(one) for one in report.rebuilt],
            f"A SKU takes {report.redis_bytes:,.0f} bytes of Redis." if report.redis_bytes else "",
        )
    if report.saved:
        yield Table(
            "What unchanged values save",
            ("of", "commands", "announced", "% left out"),
            [_saved(one) for one in report.saved],
        )
    if report.fresh:
        yield _fresh(report.fresh)
    found = list(bars(report))
    if found:
        yield Table(
            "What must hold of stock", ("claim", "limit", "measured", "verdict"), [bar.cells() for bar in found]
        )


def _grown(report: StockReport) -> Iterator[Table]:
    rows = [
        [f"{one.skus:,} SKUs", f"{one.cost.events:,}", f"{one.cost.cpu_us:.0f}", f"{one.disk / one.skus:,.0f}",
         f"{one.resident / one.skus:,.0f}"]
        for one in report.stores
    ]  # fmt: skip
    rows += [
        [f"{one.count:,} {one.of}", f"{one.cost.events:,}", f"{one.cost.cpu_us:.0f}", "–", "–"] for one in report.lines
    ]
    if rows:
        yield Table(
            "An inventory event where so much stands there already: the agent's decision and RocksDB, without the broker",
            ("what stands there", "events", "CPU-µs/event", "disk bytes/SKU", "resident bytes/SKU"),
            rows,
            "Each event of a batch of 500 is another SKU's; a SKU has four locations. Resident: by which the process grew. "
            "All SKUs were filled with the same figures, which RocksDB compresses well: unlike ones take more of the disk.",
        )


def _rebuilt(one: RebuiltFigures) -> list[str]:
    rates = (f"{one.rebuilt.events_s:,.0f}", f"{one.plain.events_s:,.0f}")
    return [one.what, f"{one.rebuilt.events:,}", *rates, f"{one.share:.1f}"]


def _saved(one: SavedFigures) -> list[str]:
    return [one.of, f"{one.commands:,}", f"{one.told:,}", f"{one.share:.1f}"]


def _fresh(one: FreshFigures) -> Table:
    lost = f" {one.lost:,} were not seen." if one.lost else ""
    return Table(
        f"A stock event from POST to Redis, {one.per_second:g} a second, everything running on real Kafka",
        ("until", "p50 ms", "p99 ms", "events"),
        [_step("POST → 202", one.accepted), _step("202 → in Redis", one.visible), _step("POST → in Redis", one.posted)],
        f"{one.together} events of a POST; Redis is looked at every two milliseconds.{lost}",
    )


def _step(name: str, took: Spread) -> list[str]:
    return [name, f"{took.p50_ms:.1f}", f"{took.p99_ms:.1f}", f"{took.count:,}"]
