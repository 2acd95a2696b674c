"""A report as a run would make it."""

from __future__ import annotations

from ops.bench.arithmetic import Spread
from ops.bench.figures import AgentFigures, ChainFigures, Cost, ReadFigures, Report

RAW = Cost(events=100_000, seconds=0.5, cpu_s=0.1)  # 1 µs each


def agent(name: str = "orders", wrong: int = 0) -> AgentFigures:
    """An agent of 200 µs an event."""
    return AgentFigures(name, Cost(1_000, 0.5, 0.2), published=2_000, rows=900, peak_mb=104, wrong=wrong)


def report() -> Report:
    """All three parts."""
    return Report(
        at="2026-03-02T08:00:00+00:00",
        machine={"processor": "A Processor, 2 cores", "kafka": "Kafka 4.1.1"},
        orders=2_000,
        raw=[RAW, RAW],
        agents=[agent("orders"), agent("inventory")],
        chain=ChainFigures(20, 800, 0, Spread(5, 20, 800), Spread(80, 200, 800), Spread(90, 210, 800)),
        reads=ReadFigures(*(Spread(p50, 3 * p50, 900) for p50 in (0.1, 0.8, 0.7, 0.2))),
    )
