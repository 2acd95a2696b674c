"""Latency of one hop: the producer's clock in `as_of`, read back by a read_committed reader of what the engine published."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition

from ops.bench import meter
from ops.bench.arithmetic import each_us, spread
from ops.bench.engines.contenders import Contender
from ops.bench.engines.course import PARTITIONS, STAMPED, Course, wanted
from ops.bench.engines.figures import HopFigures
from ops.bench.engines.filling import body, key_of, record_of
from ops.bench.engines.workload import LOCATIONS, SEED, SKUS, Event
from ops.embedded.child import Child
from ops.topics.apply import Broker
from schemas import wire
from streams.engine.kafka import QUIET, producer_config

WARM_S, LATE_S, READY_S, TICK_S = 5.0, 5.0, 60.0, 0.001
COMMIT_MS = {"BENCH_COMMIT_MS": "10"}  # for engines that commit by the clock


@dataclass(slots=True)
class Seen:
    """What the reader has seen: seconds from production, by when it was produced (microseconds).

    Engines share their input, so each begins with what another was asked before: answers to that are not noted.
    """

    since: int = 0  # microseconds
    took: list[tuple[int, float]] = field(default_factory=list)
    any: threading.Event = field(default_factory=threading.Event)

    def note(self, value: bytes, at: int) -> None:
        """One published record, and when it came."""
        produced = wire.decode(value)[1]["as_of"]
        if produced < self.since:
            return
        self.took.append((produced, (at - produced) / 1e6))
        self.any.set()

    def wait(self, count: int) -> None:
        """Until so many were seen, but not for ever: what is late by seconds counts as lost."""
        deadline = time.monotonic() + LATE_S
        while len(self.took) < count and time.monotonic() < deadline:
            time.sleep(TICK_S)


def measure(contender: Contender, course: Course, per_second: int, seconds: float) -> HopFigures:
    """At this rate for so long, after a warm-up; raises NotReady, NothingMeasured."""
    broker = Broker(course.kafka)
    if course.input not in broker.partitions():
        broker.create([wanted(course.input, STAMPED)], 1)
    course.clear()
    seen, over = Seen(_now_us()), threading.Event()
    reader = threading.Thread(target=_read, args=(course, seen, over))
    child = contender.start(course, **COMMIT_MS)
    reader.start()
    try:
        loader = Loader(course, per_second)
        _woken(loader, seen, child)
        loader.run(WARM_S)
        begun, used, sent = _now_us(), meter.cpu_s(child.pid), loader.sent
        loader.run(seconds)
        used, sent, ended = meter.cpu_s(child.pid) - used, loader.sent - sent, _now_us()
        loader.flush()
        seen.wait(loader.sent)
    finally:
        over.set()
        reader.join()
        child.stop()
    counted = [took for produced, took in seen.took if begun <= produced < ended]
    return HopFigures(
        contender.name, contender.title, per_second, spread(counted), each_us(used, sent), max(0, sent - len(counted))
    )


class Loader:
    """Produces at a steady rate; every SKU is new to its batch, so that each event has an answer of its own."""

    def __init__(self, course: Course, per_second: int) -> None:
        self._course, self._per_second, self.sent = course, per_second, 0
        self._producer = Producer({**producer_config(course.settings), "linger.ms": 1})
        self._drawn = random.Random(SEED)
        self._skus = self._drawn.sample(range(SKUS), SKUS)

    def one(self) -> None:
        """The next event, now."""
        at = _now_us()
        event = Event(self.sent, f"SKU-{self._skus[self.sent % SKUS]:07}", LOCATIONS[self.sent % 4], "received", 1)
        told = record_of(event, at // 1000)
        headers: Any = told.headers
        self._producer.produce(self._course.input, body(event, at), key_of(event.sku), headers=headers)
        self.sent += 1

    def run(self, seconds: float) -> None:
        """At the rate, from now on for so long."""
        begun, before = time.perf_counter(), self.sent
        while (spent := time.perf_counter() - begun) < seconds:
            while self.sent - before < spent * self._per_second:
                self.one()
            self._producer.poll(0)
            time.sleep(TICK_S)

    def flush(self) -> None:
        """Until all is sent."""
        self._producer.flush(LATE_S)


def _woken(loader: Loader, seen: Seen, child: Child) -> None:
    """A record now and then, until the engine answers."""

    def answered() -> bool:
        loader.one()
        loader.flush()
        return seen.any.wait(0.2)

    child.wait_until(answered, READY_S)


def _read(course: Course, seen: Seen, over: threading.Event) -> None:
    reader = Consumer(
        {
            "bootstrap.servers": course.kafka, "group.id": f"{course.group}.hop", "log_level": QUIET,
            "enable.auto.commit": False, "isolation.level": "read_committed", "fetch.wait.max.ms": 50,
            "auto.offset.reset": "earliest",
        }
    )  # fmt: skip
    reader.assign([TopicPartition(course.output, number, 0) for number in range(PARTITIONS)])
    while not over.is_set():
        first = reader.poll(0.1)
        found = [] if first is None else [first, *reader.consume(1_000, 0)]
        at = _now_us()
        for message in found:
            error = message.error()
            if error is None:
                seen.note(message.value() or b"", at)
            elif error.code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
                over.set()
    reader.close()


def _now_us() -> int:
    return time.time_ns() // 1_000
