"""When each process is killed: moments drawn from a seed, told as shares of the orders that were answered."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple


class Kill(NamedTuple):
    """One SIGKILL."""

    at: float  # share of the orders answered, 0 to 1
    process: str


def kills(processes: Sequence[str], each: int, seed: int) -> list[Kill]:
    """So many random moments for each process, all while orders come in, in their order."""
    chance = random.Random(seed)
    return sorted(Kill(chance.uniform(0.01, 0.97), process) for process in processes for _ in range(each))
