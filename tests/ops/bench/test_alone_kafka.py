"""An agent alone on real Kafka: measured, and right."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ops.bench import alone
from ops.bench.day import Day
from ops.bench.lane import Ground
from ops.bench.played import part_of
from ops.bench.run import LATER_MS
from ops.bench.yardstick import TOPIC, Yardstick
from ops.embedded.kafka import Kafka

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(150)]
ORDERS = 20


@pytest.fixture(scope="module")
def day() -> Day:
    made = Day(now=time.time_ns() // 1_000_000 + LATER_MS)
    made.open()
    made.play(ORDERS)
    return made


def test_an_agent_alone_is_measured_and_does_what_the_driver_does(kafka: Kafka, day: Day, tmp_path: Path) -> None:
    found = alone.measure(Ground(kafka.bootstrap, "", tmp_path), part_of(day, "orders"))
    assert found.wrong == 0
    assert found.cost.events == len(part_of(day, "orders").rest)
    assert found.published > found.cost.events
    assert found.rows > 0
    assert 0 < found.cost.cpu_us < 1e6
    assert found.peak_mb > 20


def test_the_yardstick_reads_every_record(kafka: Kafka, day: Day, tmp_path: Path) -> None:
    records = day.topology.memory.order[TOPIC]
    cost = Yardstick(Ground(kafka.bootstrap, "", tmp_path), records, passes=3).read()
    assert cost.events > 0
    assert cost.events % (3 * len(records)) == 0
    assert 0 < cost.cpu_us < 1e4
