"""What one run has measured, as it is kept in a file and shown."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from ops.bench.arithmetic import Spread, each_us, ratio
from ops.bench.cost import Cost as Cost
from ops.bench.engines.figures import EnginesReport
from ops.bench.stock.figures import StockReport


class Part(StrEnum):
    """What can be measured by itself."""

    AGENTS = "agents"
    LATENCY = "latency"
    READS = "reads"
    STOCK = "stock"
    ENGINES = "engines"


@dataclass(frozen=True, slots=True)
class AgentFigures:
    """One agent alone over its true input."""

    agent: str
    cost: Cost
    published: int  # records, while it was measured
    rows: int  # changelog records, while it was measured
    peak_mb: int
    wrong: int  # records that are not what the topology driver makes of the same input, over all of it


@dataclass(frozen=True, slots=True)
class ChainFigures:
    """From an order's POST, by the clock of an outside client, everything running."""

    per_second: float
    orders: int
    lost: int  # orders that were never seen accepted
    answered: Spread  # the gateway's 202
    pushed: Spread  # the accepted status, at the webhook
    pulled: Spread  # the accepted status, in a page of the feed


@dataclass(frozen=True, slots=True)
class ReadFigures:
    """Reads of availability and of its bare key, one client, in turn."""

    redis: Spread
    http: Spread
    unchanged: Spread  # If-None-Match: 304
    empty: Spread  # 204 of the same ASGI server with nothing behind it


@dataclass(slots=True)
class Report:
    """One run."""

    at: str
    machine: dict[str, str]
    orders: int  # of the played day
    raw: list[Cost] = field(default_factory=list)  # the yardstick, before and after the agents
    agents: list[AgentFigures] = field(default_factory=list)
    chain: ChainFigures | None = None
    reads: ReadFigures | None = None
    stock: StockReport | None = None
    engines: EnginesReport | None = None
    elsewhere: dict[str, float] = field(default_factory=dict)  # cores that other processes used, by part

    @property
    def raw_us(self) -> float:
        """CPU of a plain consumer per event, microseconds, over all its passes."""
        return each_us(sum(cost.cpu_s for cost in self.raw), sum(cost.events for cost in self.raw))

    def told(self) -> dict[str, Any]:
        """As JSON has it, with what follows from the counts."""
        agents = [
            {**asdict(one), "cost": one.cost.told(), "times_raw": ratio(one.cost.cpu_us, self.raw_us)}
            for one in self.agents
        ]
        engines = self.engines.told() if self.engines else None
        return {**asdict(self), "raw": [cost.told() for cost in self.raw], "agents": agents, "engines": engines}
