"""A comparison's figures as tables."""

from __future__ import annotations

from collections.abc import Iterator

from ops.bench.arithmetic import ratio
from ops.bench.engines.bars import bars
from ops.bench.engines.contenders import BARE
from ops.bench.engines.figures import EngineFigures, EnginesReport, HopFigures
from ops.bench.table import Table


def tables(report: EnginesReport) -> Iterator[Table]:
    """All that was measured, and what must hold."""
    if report.engines or report.skipped:
        yield _engines(report)
    if report.hops:
        yield Table(
            "One hop: produced → read_committed, through one engine",
            ("engine", "events/s", "p50 ms", "p99 ms", "CPU-µs/event", "lost"),
            [_hop(one) for one in report.hops],
        )
    if report.restore or report.growth or report.scale:
        yield _others(report)
    found = list(bars(report))
    if found:
        yield Table("What must hold", ("claim", "limit", "measured", "verdict"), [bar.cells() for bar in found])


def _engines(report: EnginesReport) -> Table:
    skipped = " ".join(f"{name} was left out: {why.splitlines()[0]}." for name, why in sorted(report.skipped.items()))
    return Table(
        "The same events and job, exactly once, durable state, one process each on one core",
        ("engine", "keys", "events", "events/s", "CPU-µs", "warm", "× bare", "peak MB", "outputs", "state"),
        [_engine(one, report) for one in sorted(report.engines, key=lambda one: one.shape)],
        "CPU: user and system per event of the process alone, from its first commit; warm: the second half. "
        f"Faust promises at least once only. {skipped}".strip(),
    )  # fmt: skip


def _engine(one: EngineFigures, report: EnginesReport) -> list[str]:
    bare = report.of(BARE, one.shape)
    times = f"{ratio(one.whole.cpu_us, bare.whole.cpu_us):.2f}" if bare else "–"
    outputs = f"{one.outputs:,}" if one.state else "–"
    return [
        one.title, one.shape, f"{one.whole.events:,}", f"{one.whole.events_s:,.0f}", f"{one.whole.cpu_us:.1f}",
        f"{one.warm.cpu_us:.1f}", times, f"{one.peak_mb:,}", outputs, one.state or "–",
    ]  # fmt: skip


def _hop(one: HopFigures) -> list[str]:
    took = one.took
    return [
        one.title,
        f"{one.per_second:,}",
        f"{took.p50_ms:.1f}",
        f"{took.p99_ms:.1f}",
        f"{one.cpu_us:.0f}",
        f"{one.lost:,}",
    ]


def _others(report: EnginesReport) -> Table:
    rows = [["restore from the changelog", report.restore], ["the changelog, raw consumption", report.plain]]
    rows += [[f"{one.count:,} {one.of}", one.cost] for one in report.growth]
    rows += [[f"{one.processes} process(es), broker on {one.broker_cores:.2f} cores", one.cost] for one in report.scale]
    cells = [
        [str(name), f"{cost.events:,}", f"{cost.events_s:,.0f}", f"{cost.cpu_us:.1f}"]
        for name, cost in rows
        if cost is not None and not isinstance(cost, str)
    ]
    return Table("The bare agent otherwise", ("what", "events", "events/s", "CPU-µs/event"), cells)
