"""The inventory's own bench, part by part."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from ops.bench import chain
from ops.bench.engines import growth
from ops.bench.lane import Ground
from ops.bench.stock import freshness, growing, rebuilding, saving
from ops.bench.stock.figures import FreshFigures, StockReport
from ops.running import Running
from ops.up.plan import Processes
from ops.up.run import Wish, everything
from schemas.settings import Settings

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    skus: tuple[int, ...]  # of the stores
    batches: int  # of each store
    lines: tuple[int, ...]  # open ones of one SKU
    more: int  # orders over these
    rebuilt: int  # SKUs of the log
    per_second: float
    seconds: float


QUICK = Size((1_000, 10_000), 24, (10, 1_000), 1_000, rebuilt=5_000, per_second=200, seconds=5)
FULL = Size((10_000, 100_000, 1_000_000), 60, (10, 1_000, 100_000), 5_000, rebuilt=50_000, per_second=500, seconds=20)
HUGE = 10_000_000  # SKUs, where asked for


def alone(ground: Ground, size: Size, say: Say, *, huge: bool = False) -> StockReport:
    """All that needs no more than a broker and Redis."""
    found = StockReport(saved=[saving.snapshots(size.skus[0])])
    found.stores = growing.grown(ground.folder, (*size.skus, *([HUGE] if huge else [])), size.batches)
    for store in found.stores:
        say(f"{store.skus:,} SKUs: {store.cost.cpu_us:.0f} µs an event")
    found.lines = [growth.lines(ground.folder, open_lines, size.more) for open_lines in size.lines]
    for lines in found.lines:
        say(f"{lines.count:,} {lines.of}: {lines.cost.cpu_us:.0f} µs an order")
    offers, found.redis_bytes = rebuilding.read_model(ground, size.rebuilt)
    found.rebuilt = [rebuilding.table(ground, size.rebuilt), offers]
    for rebuilt in found.rebuilt:
        say(f"{rebuilt.what}: {rebuilt.rebuilt.events_s:,.0f}/s, {rebuilt.share:.0f} % of raw consumption")
    return found


def fresh(ground: Ground, size: Size, say: Say) -> FreshFigures:
    """From 202 to Redis, one process for each agent."""
    settings = Settings(state_dir=ground.folder / "fresh", environment="bench-fresh", log_level="warning")
    with everything(settings, Wish(ground.kafka, ground.redis, Processes.AGENTS), say) as (_, up):
        return asyncio.run(_fresh(up, size, say))


async def _fresh(up: Running, size: Size, say: Say) -> FreshFigures:
    async with chain.client(up) as http:
        await chain.furnish(http)
        say(f"{size.per_second:g} stock events a second for {freshness.WARM_S + size.seconds:g} s")
        return await freshness.measure(http, up, size.per_second, size.seconds)
