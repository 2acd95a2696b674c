"""One comparison on one broker, part by part."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from confluent_kafka import KafkaException

from ops.bench import meter
from ops.bench.arithmetic import NothingMeasured
from ops.bench.cost import Cost
from ops.bench.engines import filling, growth, hop
from ops.bench.engines.contenders import BARE, CONTENDERS, RAW, STREAMS, THIN, Contender
from ops.bench.engines.course import Course
from ops.bench.engines.figures import EngineFigures, EnginesReport, GrowthFigures, ScaleFigures
from ops.bench.engines.verdict import judged
from ops.bench.engines.watching import BROKER_CORE, ENGINE_CORE, Watched, pin, pinned, watch
from ops.bench.engines.workload import COMPARED, Load, Shape, totals
from ops.embedded.child import Child, NotReady, Unavailable
from ops.embedded.kafka import Kafka
from ops.up.plan import environment

Say = Callable[[str], None]
PATIENCE_S, RAW_S = 240.0, 3.0
MEASURED_FROM = 0.4  # of a load on two processes: both have joined by then


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    events: int
    rates: tuple[int, ...]
    seconds: float
    skus: tuple[int, ...]


QUICK = Size(events=300_000, rates=(1_000,), seconds=5, skus=(1_000, 20_000))
FULL = Size(events=500_000, rates=(1_000, 5_000), seconds=10, skus=(10_000, 1_000_000))
HUGE = 10_000_000  # SKUs, where asked for


FAILED = (Unavailable, NotReady, NothingMeasured, TimeoutError, KafkaException, subprocess.SubprocessError)


class Comparison:
    """A run's broker, folder and report."""

    def __init__(self, kafka: Kafka, folder: Path, size: Size, say: Say) -> None:
        self._kafka, self._folder, self._size, self._say = kafka, folder, size, say
        self.report = EnginesReport()

    def engines(self, names: Sequence[str]) -> None:
        """Each engine over each shape, one after another."""
        with self._pinned():
            for shape in COMPARED:
                self._raw(shape)
                for name in names:
                    self._guarded(CONTENDERS[name], shape)

    def hops(self, names: Sequence[str]) -> None:
        """Latency at each rate."""
        for rate in self._size.rates:
            for name in (one for one in (BARE, THIN, STREAMS) if one in names):
                course = self._course(name, Load(Shape.UNIFORM, rate))
                found = hop.measure(CONTENDERS[name], course, rate, self._size.seconds)
                self.report.hops.append(found)
                self._say(f"{name} at {rate:,}/s: p50 {found.took.p50_ms:.1f} ms, p99 {found.took.p99_ms:.1f} ms")

    def restore(self) -> None:
        """The changelog of the bare agent's uniform run, into an empty folder; and read for nothing."""
        course = self._course(BARE, Load(Shape.UNIFORM, self._size.events))
        with self._pinned(), pinned(ENGINE_CORE):
            self.report.plain = self._told("ops.bench.raw", self._kafka.bootstrap, str(RAW_S), course.changelog)
            told = environment(course.settings, metrics_port=0)
            self.report.restore = self._told("ops.bench.engines.restoring", str(self._folder / "restored"), env=told)
        self._say(f"restored {self.report.restore.events_s:,.0f} rows/s")

    def growth(self, huge: bool) -> None:
        """What stands there already."""
        more = max(self._size.skus[0], self._size.events // 5)
        for skus in (*self._size.skus, *([HUGE] if huge else [])):
            load = Load(Shape.TURNS, skus + more, skus)
            with self._pinned():
                watched = self._run(CONTENDERS[BARE], self._course(BARE, load))
            found = GrowthFigures(growth.SKUS, skus, watched.cost(since=skus / load.events))
            self.report.growth.append(found)
            self._say(f"{skus:,} SKUs: {found.cost.cpu_us:.1f} µs an event")

    def scale(self) -> None:
        """One process and two, on all cores, beside the broker."""
        load = Load(Shape.UNIFORM, self._size.events)
        for processes in (1, 2):
            began, used = time.monotonic(), meter.cpu_s(self._kafka.pid)
            watched = self._run(CONTENDERS[BARE], self._course(BARE, load), processes, core=None)
            cores = (meter.cpu_s(self._kafka.pid) - used) / (time.monotonic() - began)
            self.report.scale.append(ScaleFigures(processes, watched.cost(MEASURED_FROM), cores))
            self._say(f"{processes} process(es): {watched.cost(MEASURED_FROM).events_s:,.0f} events/s")

    def _guarded(self, contender: Contender, shape: Shape) -> None:
        """An engine that cannot be had, or does not get through, is left out by name."""
        load = Load(shape, int(self._size.events * contender.share))
        course = self._course(contender.name, load)
        try:
            watched = self._run(contender, course)
            whole, warm = watched.cost(), watched.cost(0.5)
            self._say(f"{contender.name}, {shape}: {whole.cpu_us:.1f} µs, warm {warm.cpu_us:.1f}")
        except FAILED as exc:
            self.report.skipped[contender.name] = str(exc)
            self._say(f"{contender.name} is left out: {exc}")
            return
        verdict = judged(course, totals(load), numbered=contender.numbered)
        found = EngineFigures(
            contender.name, contender.title, shape, whole, warm, watched.peak_mb, verdict.outputs, verdict.word
        )
        self.report.engines.append(found)

    def _run(self, contender: Contender, course: Course, processes: int = 1, core: int | None = ENGINE_CORE) -> Watched:
        filling.fill(course)
        course.clear()
        children = list[Child]()
        try:
            with pinned(core):
                children += [contender.start(course) for _ in range(processes)]
            return watch(course, children, PATIENCE_S)
        finally:
            for child in children:
                child.stop()  # so that it leaves its group

    def _raw(self, shape: Shape) -> None:
        course = self._course(RAW, Load(shape, self._size.events))
        filling.fill(course)
        with pinned(ENGINE_CORE):
            cost = self._told("ops.bench.raw", self._kafka.bootstrap, str(RAW_S), course.input)
        self.report.engines.append(EngineFigures(RAW, "raw consumption", shape, cost, cost))

    def _told(self, module: str, *arguments: str, env: dict[str, str] | None = None) -> Cost:
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=True, env=env)
        return Cost(**json.loads(done.stdout.splitlines()[-1]))

    def _course(self, engine: str, load: Load) -> Course:
        return Course(engine, load, self._kafka.bootstrap, self._folder)

    @contextmanager
    def _pinned(self) -> Iterator[None]:
        """The broker and whoever watches on one core, the engine on the other."""
        pin(self._kafka.pid, BROKER_CORE)
        with pinned(BROKER_CORE):
            yield
        pin(self._kafka.pid, None)


def compared(kafka: Kafka, folder: Path, size: Size, say: Say, huge: bool = False) -> EnginesReport:
    """All of it; raises NotReady and whatever a part raises."""
    comparison = Comparison(kafka, folder, size, say)
    comparison.engines(list(CONTENDERS))
    had = [name for name in CONTENDERS if name not in comparison.report.skipped]
    parts: dict[str, Callable[[], None]] = {
        "restore": comparison.restore, "latency": lambda: comparison.hops(had),
        "growth": lambda: comparison.growth(huge), "scale": comparison.scale,
    }  # fmt: skip
    for name, measure in parts.items():
        try:
            measure()
        except FAILED as exc:
            comparison.report.skipped[name] = str(exc)
            say(f"{name} is left out: {exc}")
    return comparison.report
