"""What the inventory's own bench has measured, as it is kept in a file."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from ops.bench.arithmetic import Spread, ratio
from ops.bench.cost import Cost
from ops.bench.engines.figures import GrowthFigures


@dataclass(frozen=True, slots=True)
class StoreFigures:
    """The inventory agent over a store of so many SKUs."""

    skus: int
    cost: Cost  # per event, each on a SKU of its own
    disk: int  # bytes of the store's files
    resident: int  # bytes by which the process grew while it was filled


@dataclass(frozen=True, slots=True)
class RebuiltFigures:
    """Something made again from the log, beside a plain consumer of the same topic in the same run."""

    what: str
    rebuilt: Cost
    plain: Cost

    @property
    def share(self) -> float:
        """Of raw consumption by the wall clock, percent."""
        return 100 * ratio(self.rebuilt.events_s, self.plain.events_s)


@dataclass(frozen=True, slots=True)
class FreshFigures:
    """From a stock event's POST and its 202 to its value in Redis, everything running."""

    per_second: float
    together: int  # events of one POST
    sent: int
    lost: int  # never seen in Redis
    accepted: Spread  # POST → 202
    visible: Spread  # 202 → in Redis
    posted: Spread  # POST → in Redis


@dataclass(frozen=True, slots=True)
class SavedFigures:
    """Commands that were decided, and what of them readers were told."""

    of: str
    commands: int
    told: int

    @property
    def share(self) -> float:
        """Of the commands, those that neither announced nor rewrote anything, percent."""
        return 100 * (1 - ratio(self.told, self.commands))


@dataclass(slots=True)
class StockReport:
    """One run."""

    stores: list[StoreFigures] = field(default_factory=list)
    lines: list[GrowthFigures] = field(default_factory=list)
    redis_bytes: float = 0.0  # of Redis per SKU, value and key and all
    rebuilt: list[RebuiltFigures] = field(default_factory=list)
    saved: list[SavedFigures] = field(default_factory=list)
    fresh: FreshFigures | None = None

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)
