"""Who is measured: how each is started, how much of the load it is given, what it promises."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ops.bench.engines import foreign, kstreams
from ops.bench.engines.course import Course
from ops.embedded.child import Child
from ops.up.plan import environment

BARE, INVENTORY, THIN = "bare", "inventory", "thin"
STREAMS, QUIX, FAUST, RAW = "kafka-streams", "quix", "faust", "raw"


@dataclass(frozen=True, slots=True)
class Contender:
    """One engine."""

    name: str
    title: str  # for people
    command: Callable[[], list[str]]  # raises Unavailable
    more: Callable[[], Mapping[str, str]] = dict
    share: float = 1.0  # of the events: the slow ones get fewer, of the same stream
    numbered: bool = True  # its versions count events

    def start(self, course: Course, **more: str) -> Child:
        """Its process; raises Unavailable."""
        told = {**environment(course.settings, metrics_port=0), **course.told(), **self.more(), **more}
        return Child(self.command(), course.folder / f"{course.load.name}-{self.name}.log", told)


def module(name: str) -> Callable[[], list[str]]:
    """A program of ours."""
    return lambda: [sys.executable, "-m", name]


_HERE = "ops.bench.engines"
_ALL = (
    Contender(BARE, "wharf, bare table agent", module(f"{_HERE}.bare")),
    Contender(INVENTORY, "wharf, inventory agent", lambda: [sys.executable, "-m", "ops.cli", "worker", "inventory"],
              share=0.1, numbered=False),
    Contender(THIN, "thin loop, same codec", module(f"{_HERE}.thin")),
    Contender(STREAMS, "Kafka Streams 4.1, EOS v2", kstreams.command, kstreams.schema_ids),
    Contender(QUIX, "Quix Streams 3.28, EOS", lambda: [foreign.python(), "-m", f"{_HERE}.quix"], foreign.path, share=0.1),
    Contender(FAUST, "Faust 0.15, at least once", module(f"{_HERE}.stock_faust"), share=0.05),
)  # fmt: skip
CONTENDERS = {one.name: one for one in _ALL}
