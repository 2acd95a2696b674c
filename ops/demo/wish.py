"""What was asked of `wharf demo`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ORDERS, SEED = 2_000, 7


@dataclass(frozen=True, slots=True)
class Wish:
    """The options of one run."""

    orders: int = 0  # 0: as many as its day has
    seed: int = SEED
    once: bool = False
    json: bool = False
    kafka: bool = False  # real Kafka from its jars instead of the embedded broker
    retail: Path | None = None
    days: int = 0  # of the retail file; 0: all
