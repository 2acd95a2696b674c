"""One run: its servers, its parts in turn, its report."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ops import catalog
from ops.bench import alone, chain, reads
from ops.bench.day import Day
from ops.bench.elsewhere import Elsewhere
from ops.bench.engines import run as engines
from ops.bench.figures import Part, Report
from ops.bench.lane import Ground
from ops.bench.machine import machine
from ops.bench.played import part_of
from ops.bench.stock import run as stock
from ops.bench.yardstick import TOPIC, Yardstick
from ops.embedded.kafka import Kafka
from ops.embedded.redis import Redis
from ops.running import Running
from ops.up.run import Wish, everything
from schemas.settings import Settings

Say = Callable[[str], None]
LATER_MS = 86_400_000  # the day is played tomorrow: no timer of it is due while it is measured


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    orders: int
    passes: int  # of the inventory's mailbox, for the yardstick
    per_second: float
    seconds: float
    rounds: int
    engines: engines.Size
    stock: stock.Size


QUICK = Size(
    orders=60, passes=20, per_second=20, seconds=6, rounds=600, engines=engines.QUICK, stock=stock.QUICK
)  # fmt: skip
FULL = Size(
    orders=2_000, passes=10, per_second=20, seconds=40, rounds=5_000, engines=engines.FULL, stock=stock.FULL
)  # fmt: skip


def measure(parts: Sequence[Part], size: Size, agents: Sequence[str], say: Say, *, huge: bool = False) -> Report:
    """Measure these parts; raises Unavailable, NotReady and whatever a part raises.

    huge  also an engine, and the inventory, with ten million SKUs
    """
    report = Report(datetime.now(UTC).isoformat(timespec="seconds"), machine(), size.orders)
    if {Part.AGENTS, Part.LATENCY, Part.READS} & set(parts):
        with _ground(say) as ground:
            if Part.AGENTS in parts:
                _agents(ground, size, agents, report, say)
            if Part.LATENCY in parts or Part.READS in parts:
                _whole(ground, size, parts, report, say)
    if Part.STOCK in parts:
        with _ground(say) as ground:
            _stock(ground, size.stock, report, say, huge)
    if Part.ENGINES in parts:
        _engines(size.engines, report, say, huge)
    return report


@contextmanager
def _ground(say: Say) -> Iterator[Ground]:
    with tempfile.TemporaryDirectory(prefix="wharf-bench-") as name, ExitStack() as ended:
        folder = Path(name)
        say("starting Kafka and Redis")
        kafka, redis = Kafka(folder / "kafka"), Redis(folder / "redis")
        for server in (kafka, redis):
            ended.callback(server.stop)
            server.start()
        yield Ground(kafka.bootstrap, redis.url, folder)


def _agents(ground: Ground, size: Size, names: Sequence[str], report: Report, say: Say) -> None:
    say(f"playing a day of {size.orders:,} orders in the topology driver")
    day = Day(now=time.time_ns() // 1_000_000 + LATER_MS)
    day.open()
    day.play(size.orders)
    yardstick = Yardstick(ground, day.topology.memory.order[TOPIC], size.passes)
    others = Elsewhere()
    report.raw.append(yardstick.read())
    for name in names:
        played = part_of(day, name)
        if not played.rest:
            continue  # an agent that the day has no work for: nobody orders bundles
        found = alone.measure(ground, played)
        report.agents.append(found)
        say(f"{name}: {found.cost.events_s:,.0f} events/s, {found.cost.cpu_us:.0f} µs of CPU each")
    report.raw.append(yardstick.read())
    report.elsewhere[Part.AGENTS] = others.cores()


def _whole(ground: Ground, size: Size, parts: Sequence[Part], report: Report, say: Say) -> None:
    settings = Settings(state_dir=ground.folder / "up", environment="bench", log_level="warning")
    with everything(settings, Wish(ground.kafka, ground.redis), say) as (_, up):
        asyncio.run(_asked(up, size, parts, report, say))
        if Part.READS in parts:
            say(f"reading availability, {size.rounds:,} times in each way")
            others = Elsewhere()
            report.reads = reads.measure(up, size.rounds)
            report.elsewhere[Part.READS] = others.cores()


def _stock(ground: Ground, size: stock.Size, report: Report, say: Say, huge: bool) -> None:
    others = Elsewhere()
    report.stock = stock.alone(ground, size, say, huge=huge)
    report.stock.fresh = stock.fresh(ground, size, say)
    report.elsewhere[Part.STOCK] = others.cores()


def _engines(size: engines.Size, report: Report, say: Say, huge: bool) -> None:
    others = Elsewhere()
    with tempfile.TemporaryDirectory(prefix="wharf-bench-") as name, ExitStack() as ended:
        kafka = Kafka(Path(name, "kafka"))
        ended.callback(kafka.stop)
        kafka.start()
        report.engines = engines.compared(kafka, Path(name), size, say, huge)
    report.elsewhere[Part.ENGINES] = others.cores()


async def _asked(up: Running, size: Size, parts: Sequence[Part], report: Report, say: Say) -> None:
    async with chain.client(up) as http:
        say("stocking the shelves")
        await chain.furnish(http)
        if Part.LATENCY in parts:
            say(f"posting {size.per_second:g} orders a second for {chain.WARM_S + size.seconds:g} s")
            others = Elsewhere()
            report.chain = await chain.measure(http, size.per_second, size.seconds)
            report.elsewhere[Part.LATENCY] = others.cores()


def named(agents: str) -> tuple[str, ...]:
    """The agents of a list of names, in the catalogue's order; all where none is named. raises UnknownAgent"""
    asked = set(agents.split(",")) if agents else set(catalog.AGENTS)
    if unknown := asked - set(catalog.AGENTS):
        raise catalog.UnknownAgent(f"no agent is called {', '.join(sorted(unknown))}")
    return tuple(name for name in catalog.AGENTS if name in asked)
