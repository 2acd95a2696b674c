"""What must hold, and what was measured: every claim of speed as a ratio within one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ops.bench.arithmetic import ratio
from ops.bench.engines.contenders import BARE, FAUST, INVENTORY, QUIX, STREAMS, THIN
from ops.bench.engines.figures import EngineFigures, EnginesReport, GrowthFigures, HopFigures
from ops.bench.engines.workload import COMPARED, Shape


@dataclass(frozen=True, slots=True)
class Bar:
    """A claim, its limit, and the figure that was reached."""

    claim: str
    limit: float
    measured: float
    unit: str = "×"
    at_most: bool = False  # the figure must not exceed the limit, rather than reach it

    @property
    def held(self) -> bool:
        """Whether the claim holds in this run."""
        return self.measured <= self.limit if self.at_most else self.measured >= self.limit

    def cells(self) -> list[str]:
        """Claim, limit, figure, verdict."""
        sign = "≤" if self.at_most else "≥"
        return [self.claim, f"{sign} {self.limit:g}{self.unit}", f"{self.measured:.2f}{self.unit}", self.verdict]

    @property
    def verdict(self) -> str:
        """In one word."""
        return "held" if self.held else "MISSED"


Figure = Callable[[EngineFigures], float]


def bars(report: EnginesReport) -> Iterator[Bar]:
    """All claims that the run has figures for."""
    for shape in COMPARED:
        yield from _beside(report, shape)
    yield from _restore(report)
    yield from _grown(report, "SKUs", 1_000_000)
    yield from _scaled(report)
    for hop in report.hops:
        yield from _hop(hop)


def _whole(one: EngineFigures) -> float:
    return one.whole.cpu_us


def _warm(one: EngineFigures) -> float:
    return one.warm.cpu_us


def _beside(report: EnginesReport, shape: Shape) -> Iterator[Bar]:
    """CPU per event of others, in units of the bare agent's."""
    bare = report.of(BARE, shape)
    others: tuple[tuple[str, float, Figure, str], ...] = (
        (FAUST, 30, _whole, "stock Faust"), (QUIX, 4, _whole, "Quix"), (STREAMS, 1.5, _warm, "warm Kafka Streams"),
        (THIN, 0.7, _whole, "the thin loop"),
    )  # fmt: skip
    for name, limit, figure, title in others:
        other = report.of(name, shape)
        if bare and other:
            yield Bar(f"bare agent against {title}, {shape}", limit, ratio(figure(other), _whole(bare)))
    inventory = report.of(INVENTORY, shape)
    if bare and inventory:
        measured = ratio(_whole(inventory), _whole(bare))
        yield Bar(f"inventory agent in units of the bare one, {shape}", 3, measured, at_most=True)


def _restore(report: EnginesReport) -> Iterator[Bar]:
    if report.restore and report.plain:
        share = 100 * ratio(report.restore.events_s, report.plain.events_s)
        yield Bar("restore, of raw consumption", 60, share, unit=" %")


def _grown(report: EnginesReport, of: str, most: int) -> Iterator[Bar]:
    found = [one for one in report.growth if one.of == of and one.count <= most]
    if len(found) > 1:
        first, last = min(found, key=_count), max(found, key=_count)
        claim = f"cost from {first.count:,} to {last.count:,} {of}"
        yield Bar(claim, 1.3, ratio(last.cost.cpu_us, first.cost.cpu_us), at_most=True)


def _count(one: GrowthFigures) -> int:
    return one.count


def _scaled(report: EnginesReport) -> Iterator[Bar]:
    rates = {one.processes: one.cost.events_s for one in report.scale}
    if {1, 2} <= rates.keys():
        yield Bar("two processes against one, events/s", 1.7, ratio(rates[2], rates[1]))


def _hop(hop: HopFigures) -> Iterator[Bar]:
    if hop.engine == BARE and hop.per_second == 1_000:
        yield Bar("one hop at 1,000 events/s, p50", 15, hop.took.p50_ms, unit=" ms", at_most=True)
        yield Bar("one hop at 1,000 events/s, p99", 60, hop.took.p99_ms, unit=" ms", at_most=True)
