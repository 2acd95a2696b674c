"""What shows the faults of stock Faust: a case that runs here, and the report."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.chaos.stock_faust.__main__ import NAMES, main
from ops.chaos.stock_faust.shown import TESTS, Shown, report

REPORT = Path(__file__).parents[3] / "ops" / "chaos" / "reports" / "stock-faust.md"
SEEN = Shown("D", "output lost", "commit nothing", "committed 50", True)
UNSEEN = Shown("H", "counted twice", "60,000", "60,000 counted", False)


def test_there_are_ten_faults() -> None:
    assert sorted(TESTS) == list("ABCDEFGHIJ") == sorted({letter for _, letter in NAMES.values()})


def test_the_report_says_of_each_case_what_was_seen_and_which_test_wharf_passes() -> None:
    text = report([SEEN, UNSEEN], "faust-streaming 0.15.3", "2026-01-01")
    assert f"**shown**: committed 50 | `{TESTS['D']}`" in text
    assert "not shown: 60,000 counted" in text
    assert "1 of 2 cases" in text


def test_the_terminal_says_what_did_not_show_itself() -> None:
    assert ("NOT" in SEEN.line, "NOT" in UNSEEN.line) == (False, True)


@pytest.mark.slow
def test_a_case_runs_as_a_process_and_is_written_down(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "reports" / "faults.md"
    assert main(["--only", "J", "--report", str(path)]) == 0
    assert "J  shown" in capsys.readouterr().out
    assert "1 of 1 cases" in path.read_text()


def test_the_report_of_this_release_has_every_fault() -> None:
    text = REPORT.read_text(encoding="utf-8")
    assert all(f"| {letter} |" in text for letter in TESTS)
    assert "not shown" not in text
