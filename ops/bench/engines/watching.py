"""Watching an engine from outside: what it has committed, what CPU and memory its process used, sampled until the end.

No engine reports on itself, so that all are measured in the same way, and none pays for it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import NamedTuple

import psutil
from confluent_kafka import Consumer, KafkaException, TopicPartition

from ops.bench import meter
from ops.bench.cost import Cost
from ops.bench.engines.course import PARTITIONS, Course
from ops.embedded.child import Child, NotReady
from streams.engine.kafka import QUIET

LOOK_S, ASK_S = 0.05, 10.0
BROKER_CORE, ENGINE_CORE = 0, 1
CORES = frozenset(os.sched_getaffinity(0))  # of this process, before it is pinned


class Sample(NamedTuple):
    """One look."""

    at: float  # seconds, monotonic
    cpu_s: float  # user and system, of all its threads, since its start
    events: int  # committed


@dataclass(frozen=True, slots=True)
class Watched:
    """All looks at one run, and the most memory it had."""

    samples: Sequence[Sample]
    peak_mb: int

    def cost(self, since: float = 0.0) -> Cost:
        """From the first look at which more than this share of the events was committed, to the last one."""
        last = self.samples[-1]
        begun = next(one for one in self.samples if one.events > 0 and one.events >= since * last.events)
        return Cost(last.events - begun.events, last.at - begun.at, last.cpu_s - begun.cpu_s)


class Progress:
    """How many events a group has committed; 0 while the broker cannot say."""

    def __init__(self, course: Course) -> None:
        self._parts = [TopicPartition(course.input, number) for number in range(PARTITIONS)]
        self._asking = Consumer(
            {
                "bootstrap.servers": course.kafka,
                "group.id": course.group,
                "log_level": QUIET,
                "isolation.level": "read_uncommitted",  # or it would wait for the transaction under way
            }
        )

    def events(self) -> int:
        """The sum over the partitions: an input without transactions has no gaps."""
        with suppress(KafkaException):
            return sum(max(0, part.offset) for part in self._asking.committed(self._parts, ASK_S))
        return 0

    def close(self) -> None:
        """Close the consumer."""
        self._asking.close()


def watch(course: Course, children: Sequence[Child], within_s: float) -> Watched:
    """Look until all of the load is committed; raises NotReady when a process ends before that, or time is over."""
    progress, deadline = Progress(course), time.monotonic() + within_s
    samples, peak = list[Sample](), 0
    while not samples or samples[-1].events < course.load.events:
        for child in children:
            if not child.running or time.monotonic() > deadline:
                done = samples[-1].events if samples else 0
                raise NotReady(f"{course.engine}: {done:,} of {course.load.events:,} events\n{child.tail()}")
        if (sample := _look(progress, children)) is not None:
            samples.append(sample)
            peak = sum(meter.peak_mb(child.pid) for child in children)
        time.sleep(LOOK_S)
    progress.close()
    return Watched(samples, peak)


def _look(progress: Progress, children: Sequence[Child]) -> Sample | None:
    """None where a process has just ended."""
    done = progress.events()
    try:
        return Sample(time.monotonic(), sum(meter.cpu_s(child.pid) for child in children), done)
    except psutil.NoSuchProcess:
        return None


@contextmanager
def pinned(core: int | None) -> Iterator[None]:
    """Processes that are started within this run on this core alone; None, or too few cores: anywhere."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, _only(core))
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def pin(pid: int, core: int | None) -> None:
    """Keep a process that is running already, with all its threads, on a core; None lets it go."""
    for thread in psutil.Process(pid).threads():
        with suppress(OSError):
            os.sched_setaffinity(thread.id, _only(core))


def _only(core: int | None) -> set[int]:
    cores = sorted(CORES)
    return {cores[core]} if core is not None and core < len(cores) else set(CORES)
