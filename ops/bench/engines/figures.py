"""What a comparison of engines has measured, as it is kept in a file."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from ops.bench.arithmetic import Spread
from ops.bench.cost import Cost


@dataclass(frozen=True, slots=True)
class EngineFigures:
    """One engine over one load."""

    engine: str
    title: str
    shape: str
    whole: Cost  # from the first commit on
    warm: Cost  # the second half
    peak_mb: int = 0
    outputs: int = 0
    state: str = ""  # "right", or WRONG and how many SKUs; empty where nothing is kept

    def told(self) -> dict[str, Any]:
        """With what follows from it."""
        return {**asdict(self), "whole": self.whole.told(), "warm": self.warm.told()}


@dataclass(frozen=True, slots=True)
class HopFigures:
    """From a producer's clock to a read_committed reader's, through one engine."""

    engine: str
    title: str
    per_second: int
    took: Spread
    cpu_us: float  # of the engine per event, at this rate
    lost: int


@dataclass(frozen=True, slots=True)
class GrowthFigures:
    """What an event costs where so much stands there already."""

    of: str  # "SKUs" or "open lines of one SKU"
    count: int
    cost: Cost


@dataclass(frozen=True, slots=True)
class ScaleFigures:
    """The bare agent in so many processes, both cores free, with what the broker took of them."""

    processes: int
    cost: Cost
    broker_cores: float


@dataclass(slots=True)
class EnginesReport:
    """One comparison."""

    engines: list[EngineFigures] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)  # engine → why
    hops: list[HopFigures] = field(default_factory=list)
    restore: Cost | None = None  # rows of a changelog into RocksDB
    plain: Cost | None = None  # the same changelog, read and thrown away
    growth: list[GrowthFigures] = field(default_factory=list)
    scale: list[ScaleFigures] = field(default_factory=list)

    def of(self, engine: str, shape: str) -> EngineFigures | None:
        """One engine's figures over one shape, where it was measured."""
        return next((one for one in self.engines if (one.engine, one.shape) == (engine, shape)), None)

    @property
    def wrong(self) -> bool:
        """Whether any engine came to a wrong state."""
        return any(one.state.startswith("WRONG") for one in self.engines)

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return {**asdict(self), "engines": [one.told() for one in self.engines]}
