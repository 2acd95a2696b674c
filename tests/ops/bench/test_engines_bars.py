"""Ratios against what must hold, and the tables that tell them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ops.bench.arithmetic import Spread
from ops.bench.cost import Cost
from ops.bench.engines import told
from ops.bench.engines.bars import Bar, bars
from ops.bench.engines.contenders import BARE, CONTENDERS, FAUST, INVENTORY, QUIX, RAW, STREAMS, THIN
from ops.bench.engines.figures import EngineFigures, EnginesReport, GrowthFigures, HopFigures, ScaleFigures
from ops.bench.engines.watching import Sample, Watched
from ops.bench.table import Table

COSTS = {RAW: 1, THIN: 8, BARE: 10, INVENTORY: 25, STREAMS: 30, QUIX: 80, FAUST: 410}  # µs


def cost(us: float, events: int = 1_000, seconds: float = 0.5) -> Cost:
    """So many microseconds an event."""
    return Cost(events, seconds, us * events / 1e6)


def figures(engine: str, us: float, warm: float = 0, state: str = "right") -> EngineFigures:
    """One engine over the uniform load."""
    return EngineFigures(engine, engine, "uniform", cost(us), cost(warm or us), 100, 900, state)


def report(**more: str) -> EnginesReport:
    """All engines; `more` names states."""
    made = EnginesReport([figures(name, us, state=more.get(name, "right")) for name, us in COSTS.items()])
    made.engines = [figures(STREAMS, 30, warm=20) if one.engine == STREAMS else one for one in made.engines]
    made.hops = [HopFigures(BARE, "bare", 1_000, Spread(7, 31, 900), 40, 0)]
    made.restore, made.plain = cost(3, seconds=0.02), cost(1, seconds=0.01)
    made.growth = [GrowthFigures("SKUs", 10_000, cost(10)), GrowthFigures("SKUs", 1_000_000, cost(12))]
    made.growth += [GrowthFigures("SKUs", 10_000_000, cost(19))]
    made.scale = [ScaleFigures(1, cost(10, seconds=1), 0.4), ScaleFigures(2, cost(10, seconds=0.5), 0.7)]
    return made


def bar(claim: str, found: EnginesReport | None = None) -> Bar:
    """The bar whose claim has this in it."""
    return next(one for one in bars(found or report()) if claim in one.claim)


def test_the_bare_agent_is_told_in_units_of_others() -> None:
    assert bar("stock Faust").measured == pytest.approx(41)
    assert bar("Quix").measured == pytest.approx(8)
    assert bar("thin loop").measured == pytest.approx(0.8)


def test_kafka_streams_is_taken_after_its_warm_up() -> None:
    assert bar("Kafka Streams").measured == pytest.approx(2)


def test_real_decisions_may_cost_three_times_the_bare_agent() -> None:
    assert bar("inventory").measured == pytest.approx(2.5)
    assert bar("inventory").held
    dear = report()
    dear.engines = [figures(INVENTORY, 31) if one.engine == INVENTORY else one for one in dear.engines]
    assert not bar("inventory", dear).held


def test_a_restore_is_told_as_a_share_of_raw_consumption() -> None:
    assert bar("restore").measured == pytest.approx(50)
    assert bar("restore").verdict == "MISSED"


def test_growth_is_judged_up_to_a_million_skus() -> None:
    assert bar("SKUs").measured == pytest.approx(1.2)
    assert bar("SKUs").claim == "cost from 10,000 to 1,000,000 SKUs"


def test_two_processes_are_told_in_units_of_one() -> None:
    assert bar("two processes").measured == pytest.approx(2)


def test_the_latency_of_a_hop_is_judged_at_a_thousand_events_a_second() -> None:
    assert [one.measured for one in bars(report()) if "one hop" in one.claim] == [7, 31]


def test_an_engine_that_could_not_be_had_gives_no_bar() -> None:
    fewer = report()
    fewer.engines = [one for one in fewer.engines if one.engine != QUIX]
    assert not [one for one in bars(fewer) if "Quix" in one.claim]


def test_without_the_bare_agent_nothing_is_claimed() -> None:
    assert list(bars(EnginesReport([figures(FAUST, 400)]))) == []


@pytest.mark.parametrize(("measured", "held"), [(1.5, True), (1.49, False)])
def test_a_limit_that_is_just_reached_is_held(measured: float, held: bool) -> None:
    assert Bar("x", 1.5, measured).held is held


def test_a_bar_says_what_was_asked_and_what_was_found() -> None:
    assert Bar("bare agent against stock Faust", 30, 41.2).cells() == [
        "bare agent against stock Faust",
        "≥ 30×",
        "41.20×",
        "held",
    ]


# -- tables


def table(title: str, found: EnginesReport) -> Table:
    """The table of this title."""
    return next(one for one in told.tables(found) if title in one.title)


def row(rows: Sequence[Sequence[str]], name: str) -> Sequence[str]:
    """The row of this name."""
    return next(one for one in rows if one[0] == name)


def test_an_engines_row_says_cost_ratio_and_state() -> None:
    found = row(table("same events", report()).rows, STREAMS)
    assert list(found) == [STREAMS, "uniform", "1,000", "2,000", "30.0", "20.0", "3.00", "100", "900", "right"]


def test_a_wrong_state_is_told_and_fails_the_run() -> None:
    bad = report(quix="WRONG: 3 SKUs")
    assert row(table("same events", bad).rows, QUIX)[-1] == "WRONG: 3 SKUs"
    assert bad.wrong
    assert not report().wrong


def test_an_engine_that_was_left_out_is_named_with_its_reason() -> None:
    fewer = report()
    fewer.skipped = {QUIX: "no network\nmore of it"}
    assert "quix was left out: no network." in table("same events", fewer).note


def test_every_row_has_a_cell_under_each_heading() -> None:
    for one in told.tables(report()):
        assert {len(cells) for cells in one.rows} == {len(one.header)}


def test_nothing_measured_is_nothing_told() -> None:
    assert list(told.tables(EnginesReport())) == []


def test_what_is_kept_says_what_follows_from_it() -> None:
    kept = report().told()
    assert kept["engines"][0]["whole"]["cpu_us"] == pytest.approx(1)


# -- watching


def test_the_cost_begins_with_the_first_commit() -> None:
    samples = [Sample(0, 1.0, 0), Sample(1, 1.5, 100), Sample(3, 2.5, 1_100)]
    assert Watched(samples, 50).cost() == Cost(1_000, 2, 1.0)


def test_the_second_half_begins_where_half_is_committed() -> None:
    samples = [Sample(0, 0, 10), Sample(1, 2, 499), Sample(2, 3, 510), Sample(3, 4, 1_000)]
    assert Watched(samples, 50).cost(0.5) == Cost(490, 1, 1)


def test_every_contender_has_a_name_and_a_title() -> None:
    assert all(name == one.name and one.title for name, one in CONTENDERS.items())
    assert set(CONTENDERS) == set(COSTS) - {RAW}
