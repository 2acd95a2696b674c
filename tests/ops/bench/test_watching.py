"""What watching costs: the figures' arithmetic, and a small run."""

from __future__ import annotations

import pytest

from ops.bench import watching
from ops.bench.watching import AGENT, Figures, Tally, failpoint_ns, look_ms, measured, told
from streams.engine.deciding import Deciding
from streams.engine.failpoints import BATCH
from streams.engine.meter import Silent, Work
from streams.engine.records import TP
from tables.store_memory import MemoryStore
from tests.streams.engine.support import record

ON = Tally(Silent(), records=1_000, batches=5, cpu_s=0.0204)
OFF = Tally(Silent(), records=1_000, batches=5, cpu_s=0.02)
FIGURES = Figures(ON, OFF, failpoint_ns=100.0, look_ms=3.0, size=200)


def test_the_ratio_is_of_cpu_per_record() -> None:
    assert (ON.us, OFF.us) == (pytest.approx(20.4), pytest.approx(20.0))
    assert pytest.approx(1.02) == FIGURES.ratio


def test_failpoints_are_set_against_a_batch() -> None:
    batch_ns = 20_000 * 200
    assert pytest.approx(len(BATCH) * 100 / batch_ns) == FIGURES.failpoints_share


def test_the_figures_are_told_with_their_bar() -> None:
    text = told(FIGURES)
    assert "1.020  (bar 1.03), at 200 records a batch" in text
    assert "100 ns each while off" in text


def test_a_failpoint_that_is_off_and_a_look_cost_something() -> None:
    assert failpoint_ns(1_000) > -1_000  # a machine that is busy may make an empty loop the longer one
    assert look_ms() > 0


def test_the_tally_counts_what_the_meter_is_told() -> None:
    tally = Tally(Silent())
    made = Deciding(AGENT).batch([record(0), record(1)], MemoryStore())
    tally.committed([Work(TP("feeds.commands", 0), 2, 2, made)], 0.1)
    tally.applied(0, 0.1)
    tally.lag(TP("feeds.commands", 0), 1, 0)
    assert (tally.records, tally.batches, made.dead) == (2, 1, 0)


def test_more_than_the_bar_is_a_failure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    dear = Figures(Tally(Silent(), 10, 1, 2.0), Tally(Silent(), 10, 1, 1.0), 1.0, 1.0, 10)
    monkeypatch.setattr(watching, "measured", lambda records, batch: dear)
    assert watching.main(["--records", "1"]) == 1
    assert "2.000" in capsys.readouterr().out


@pytest.mark.broker
def test_a_small_run_takes_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "WARM", 2)
    found = measured(600, 25)
    assert abs(found.on.batches - found.off.batches) <= 1
    assert found.on.records + found.off.records <= 600
    assert min(found.on.cpu_s, found.off.cpu_s) > 0
