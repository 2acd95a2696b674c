"""What reading events has cost a process."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from ops.bench.arithmetic import each_us, rate


@dataclass(frozen=True, slots=True)
class Cost:
    """Events that a process has read, in which time and with how much of its own CPU (user and system, all threads)."""

    events: int
    seconds: float
    cpu_s: float

    @property
    def events_s(self) -> float:
        """Events per second by the wall clock."""
        return rate(self.events, self.seconds)

    @property
    def cpu_us(self) -> float:
        """CPU per event, microseconds."""
        return each_us(self.cpu_s, self.events)

    def told(self) -> dict[str, Any]:
        """With what follows from it."""
        return {**asdict(self), "events_s": self.events_s, "cpu_us": self.cpu_us}
