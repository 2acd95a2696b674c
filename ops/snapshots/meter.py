"""How fast a long piece of work goes, and how long it will still take."""

from __future__ import annotations

from dataclasses import dataclass

WARM_S = 1.0  # before that, a rate is a guess


@dataclass(frozen=True, slots=True)
class Meter:
    """Work of so many rows, of which some were done by an earlier run."""

    total: int
    before: int
    begun_s: float

    def rate(self, done: int, now_s: float) -> float:
        """Rows a second since this run began."""
        return max(0, done - self.before) / max(now_s - self.begun_s, 1e-9)

    def left_s(self, done: int, now_s: float) -> float | None:
        """Seconds until all is done; None where nobody can tell."""
        rate = self.rate(done, now_s)
        return (max(0, self.total - done) / rate) if rate > 0 and now_s - self.begun_s >= WARM_S else None

    def line(self, done: int, now_s: float, more: str = "") -> str:
        """Where it stands, for a person."""
        left = self.left_s(done, now_s)
        ends = "" if left is None else f" · {duration(left)} left"
        return f"{done:,} of {self.total:,} rows · {self.rate(done, now_s):,.0f} rows/s{ends}{more}"


def duration(seconds: float) -> str:
    """A length of time as a person says it."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min {whole % 60} s" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"
