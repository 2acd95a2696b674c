"""What a run's file says."""

from __future__ import annotations

import orjson
import pytest

from ops.bench.arithmetic import NothingMeasured
from ops.bench.figures import Cost, Report
from tests.ops.bench.support import RAW, report


def test_a_cost_tells_rate_and_cpu_per_event() -> None:
    cost = Cost(events=1_000, seconds=0.5, cpu_s=0.2)
    assert (cost.events_s, cost.cpu_us) == (2_000, 200)


def test_the_yardstick_is_taken_over_all_its_passes() -> None:
    drifted = Report("", {}, 1, raw=[RAW, Cost(events=100_000, seconds=0.5, cpu_s=0.3)])
    assert drifted.raw_us == 2.0


def test_without_a_yardstick_there_is_none() -> None:
    with pytest.raises(NothingMeasured):
        _ = Report("", {}, 1).raw_us


def test_an_agent_is_told_in_yardsticks_too() -> None:
    told = report().told()["agents"][0]
    assert (told["agent"], told["cost"]["cpu_us"], told["times_raw"]) == ("orders", 200, 200)


def test_a_report_survives_its_file() -> None:
    told = orjson.loads(orjson.dumps(report().told()))
    assert told["chain"]["pushed"] == {"p50_ms": 80, "p99_ms": 200, "count": 800}
    assert told["reads"]["redis"]["p50_ms"] == 0.1
    assert told["raw"][0]["events_s"] == 200_000


def test_parts_that_were_not_measured_are_told_as_none() -> None:
    told = Report("2026-03-02", {}, 5).told()
    assert (told["agents"], told["chain"], told["reads"]) == ([], None, None)
