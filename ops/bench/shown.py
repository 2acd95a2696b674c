"""A run's figures as tables: for the terminal and for the README."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.console import Console

from ops.bench.arithmetic import Spread, ratio
from ops.bench.engines import told as engines
from ops.bench.figures import AgentFigures, ChainFigures, Part, ReadFigures, Report
from ops.bench.stock import told as stock
from ops.bench.table import Table as Table
from ops.bench.table import printed as printed


def tables(report: Report) -> Iterator[Table]:
    """All that was measured."""
    if report.agents:
        yield _beside(_agents(report), Part.AGENTS, report)
    if report.chain:
        yield _beside(_chain(report.chain), Part.LATENCY, report)
    if report.reads:
        yield _beside(_reads(report.reads), Part.READS, report)
    if report.stock:
        first, *others = stock.tables(report.stock)
        yield from (_beside(first, Part.STOCK, report), *others)
    if report.engines:
        first, *others = engines.tables(report.engines)
        yield from (_beside(first, Part.ENGINES, report), *others)


def show(report: Report, console: Console) -> None:
    """Print the tables."""
    for table in tables(report):
        console.print(printed(table))


def markdown(report: Report) -> str:
    """The tables as Markdown, with the machine that they were measured on."""
    machine = ", ".join(report.machine.values())
    parts = [f"Measured on {report.at[:10]}: {machine}. Only the ratios travel to other machines."]
    for table in tables(report):
        rule = [" --- ", *[" ---: "] * (len(table.header) - 1)]
        lines = [_line(table.header), f"|{'|'.join(rule)}|", *(_line(row) for row in table.rows)]
        parts += [f"**{table.title}**", "\n".join(lines), *([table.note] if table.note else [])]
    return "\n\n".join(parts) + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _beside(table: Table, part: Part, report: Report) -> Table:
    """The table, and what others did to the machine meanwhile: above a few tenths of a core, times say little."""
    if part not in report.elsewhere:
        return table
    others = f"Other processes used {report.elsewhere[part]:.1f} cores meanwhile."
    return replace(table, note=f"{table.note} {others}".strip())


def _agents(report: Report) -> Table:
    raw = report.raw_us
    reader = ["(plain consumer)", _raw_rate(report), f"{raw:.1f}", "1", *["–"] * 5]
    header = ("agent", "events/s", "CPU-µs/event", "× plain", "events", "published", "rows", "peak MB", "wrong")
    return Table(
        f"Each agent alone over a day of {report.orders:,} orders: one process, exactly once on real Kafka",
        header,
        [*(_agent(one, raw) for one in report.agents), reader],
        "CPU: user and system of the process alone, without its start. Plain: a consumer that only reads. Wrong: records "
        "that differ from what the topology driver makes of the same day.",
    )  # fmt: skip


def _raw_rate(report: Report) -> str:
    events, seconds = sum(cost.events for cost in report.raw), sum(cost.seconds for cost in report.raw)
    return f"{events / seconds:,.0f}"


def _agent(one: AgentFigures, raw_us: float) -> list[str]:
    cost = one.cost
    counted = (cost.events, one.published, one.rows, one.peak_mb, one.wrong)
    return [
        one.agent, f"{cost.events_s:,.0f}", f"{cost.cpu_us:.0f}", f"{ratio(cost.cpu_us, raw_us):.0f}",
        *(f"{count:,}" for count in counted),
    ]  # fmt: skip


def _chain(chain: ChainFigures) -> Table:
    return Table(
        f"From POST to feed, {chain.per_second:g} orders a second, everything running on real Kafka",
        ("until", "p50 ms", "p99 ms", "orders"),
        [
            _spread("the gateway's 202", chain.answered),
            _spread("`accepted` at the webhook", chain.pushed),
            _spread("`accepted` in the pulled feed", chain.pulled),
        ],
        f"{chain.lost} of {chain.orders:,} orders were not seen accepted." if chain.lost else "",
    )


def _reads(reads: ReadFigures) -> Table:
    bare = reads.redis.p50_ms
    rows = [("GET of the key in Redis", reads.redis), ("HTTP", reads.http), ("HTTP, 304 by ETag", reads.unchanged),
            ("the same ASGI server's empty answer", reads.empty)]  # fmt: skip
    return Table(
        "A read of availability, one client, one connection each, in turn",
        ("read", "p50 ms", "p99 ms", "reads", "× Redis"),
        [[*_spread(name, took), f"{ratio(took.p50_ms, bare):.1f}"] for name, took in rows],
    )


def _spread(name: str, took: Spread) -> list[str]:
    return [name, f"{took.p50_ms:.2f}", f"{took.p99_ms:.2f}", f"{took.count:,}"]
