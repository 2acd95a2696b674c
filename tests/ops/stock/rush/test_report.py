"""What is written of a rush."""

from __future__ import annotations

import json
from pathlib import Path

from ops.bench.arithmetic import Spread
from ops.stock.rush import report
from ops.stock.rush.rounds import Round


def made(*problems: str) -> report.Report:
    calm = Round(
        1, "RUSH-001", 100, 900, 0, 6.25, Spread(4_000, 6_000, 1_000), 1_100, most_promised=100, free_again=100
    )
    struck = Round(2, "RUSH-002", 100, 900, 0, 14.0, Spread(9_000, 13_000, 1_000), 3_000, 1.25, 312, 100, 100)
    struck.problems += problems
    told = report.Report("2026-03-02T08:00:00+00:00", 1, 1_000, 100, 900, {"processor": "A Processor, 2 cores"})
    told.rounds += [calm, struck]
    return told


def test_every_round_has_its_row() -> None:
    calm, struck = report.table(made()).rows
    assert calm == ["1", "–", "–", "100", "900", "0", "100", "100", "6.2", "4,000", "6,000", "1,100", "yes"]
    assert list(struck[1:3]) == ["1.2 s", "312"]


def test_what_held_stands_in_the_title() -> None:
    assert report.table(made()).title == (
        "1,000 buyers of 100 units, seed 1: 100 of 100 sold in each of 2 rounds, nothing stranded"
    )


def test_a_broken_promise_is_told_with_its_round() -> None:
    told = made("Redis offers 1")
    assert told.problems == ["round 2: Redis offers 1"]
    assert report.table(told).rows[1][-1] == "NO"
    assert told.verdict == "1 broken promises"


def test_what_changed_afterwards_counts_too() -> None:
    told = made()
    told.left.append("RUSH-001: 1 held")
    assert told.verdict == "1 broken promises"


def test_rounds_with_and_without_a_kill_are_told_apart() -> None:
    note = report.table(made()).note
    assert "undisturbed: 1, half within 6.2 s" in note
    assert "with the owner killed: 1, half within 14.0 s" in note


def test_both_files_are_written(tmp_path: Path) -> None:
    page = report.write(made("Redis offers 1"), tmp_path / "run").read_text("utf-8")
    assert page.startswith("# 1,000 buyers of 100 units")
    assert "- round 2: Redis offers 1" in page
    assert json.loads((tmp_path / "run" / "report.json").read_text("utf-8"))["rounds"][1]["decided_before"] == 312


def test_every_line_of_the_table_has_as_many_cells() -> None:
    rows = [line for line in report.page(made()).splitlines() if line.startswith("|")]
    assert len(rows) == 4
    assert len({row.count("|") for row in rows}) == 1
