"""The tables that people read."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from ops.bench import shown
from ops.bench.figures import Report
from tests.ops.bench.support import report


def row(table: shown.Table, name: str) -> list[str]:
    """The row of this name."""
    return next(list(row) for row in table.rows if row[0] == name)


def test_an_agents_row_says_rate_cost_and_ratio() -> None:
    agents = next(shown.tables(report()))
    assert row(agents, "orders") == ["orders", "2,000", "200", "200", "1,000", "2,000", "900", "104", "0"]


def test_the_plain_consumer_stands_below_the_agents() -> None:
    agents = next(shown.tables(report()))
    assert list(agents.rows[-1])[:4] == ["(plain consumer)", "200,000", "1.0", "1"]


def test_the_chain_is_told_step_by_step() -> None:
    chain = list(shown.tables(report()))[1]
    assert [line[0] for line in chain.rows] == [
        "the gateway's 202",
        "`accepted` at the webhook",
        "`accepted` in the pulled feed",
    ]
    assert list(chain.rows[1])[1:] == ["80.00", "200.00", "800"]


def test_orders_that_were_not_seen_are_named() -> None:
    told = report()
    assert told.chain is not None
    lost = Report(told.at, told.machine, 1, chain=shown.ChainFigures(20, 800, 3, *[told.chain.pushed] * 3))
    assert next(shown.tables(lost)).note == "3 of 800 orders were not seen accepted."


def test_reads_are_told_beside_redis() -> None:
    reads = list(shown.tables(report()))[2]
    assert row(reads, "HTTP") == ["HTTP", "0.80", "2.40", "900", "8.0"]


def test_what_others_did_to_the_machine_stands_below() -> None:
    told = report()
    told.elsewhere = {"agents": 1.26, "reads": 0.0}
    notes = [table.note for table in shown.tables(told)]
    assert notes[0].endswith("Other processes used 1.3 cores meanwhile.")
    assert notes[1:] == ["", "Other processes used 0.0 cores meanwhile."]


def test_only_what_was_measured_is_shown() -> None:
    assert list(shown.tables(Report("2026-03-02", {}, 5))) == []


def test_markdown_names_the_day_and_the_machine() -> None:
    text = shown.markdown(report())
    assert text.startswith("Measured on 2026-03-02: A Processor, 2 cores, Kafka 4.1.1.")


def test_every_line_of_a_markdown_table_has_as_many_cells() -> None:
    tables = [part for part in shown.markdown(report()).split("\n\n") if part.startswith("|")]
    assert len(tables) == 3
    for table in tables:
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_the_terminal_shows_every_figure_whole() -> None:
    out = StringIO()
    shown.show(report(), Console(file=out, width=120))
    assert "…" not in out.getvalue()
    for name in ("orders", "inventory", "plain consumer", "webhook", "304"):
        assert name in out.getvalue()
