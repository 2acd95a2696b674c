"""Reports: every promise is on the page, kept or broken, and a run can be repeated from it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from ops.chaos.evidence import Evidence, Violation
from ops.chaos.market import Stock
from ops.chaos.report import Report, made, recovery, summary, write
from ops.chaos.rig import Ended
from ops.chaos.schedule import SIZES, Kind
from ops.chaos.verdict import CHECKS, SAME

FIRST = next(iter(CHECKS))


def report(*violations: Violation, stock: Stock = Stock.AMPLE) -> Report:
    ended = Ended(
        evidence=Evidence(), violations=list(violations), done=[], counts=Counter({Kind.KILL: 3}),
        recovered=[(Kind.KILL, "worker-orders", 2.0), (Kind.KILL, "worker-post", 4.0), ("network: cut", "", 1.0)],
        unhealed=[], proxy={"done": {"cut": 5}}, started_s=1, traffic_s=2, rest_s=3, judged_s=4,
    )  # fmt: skip
    return made(SIZES["ci"], stock, 7, ended, 10.0)


def test_a_run_without_a_violation_says_that_all_promises_held() -> None:
    found = report()
    assert found.verdict == "all promises held"
    assert set(found.invariants.values()) == {0}
    assert CHECKS.keys() < found.invariants.keys()


def test_a_violation_is_counted_at_its_promise_and_shown() -> None:
    found = report(Violation(FIRST, "N-7 is gone"), Violation(FIRST, "N-8 is gone"))
    assert (found.invariants[FIRST], found.verdict) == (2, "2 violations")
    assert f"- {FIRST}: N-7 is gone" in summary(found)


def test_only_with_ample_stock_a_calm_run_is_the_measure() -> None:
    assert SAME in report().invariants
    assert SAME not in report(stock=Stock.SCARCE).invariants


def test_recovery_is_told_by_kind() -> None:
    told = recovery([("kill", "a", 1.0), ("kill", "b", 3.0), ("cut", "", 9.0)])
    assert told == {
        "cut": {"count": 1, "p50": 9.0, "p99": 9.0, "most": 9.0},
        "kill": {"count": 2, "p50": 3.0, "p99": 3.0, "most": 3.0},
    }


def test_the_page_tells_faults_their_mark_and_the_seed() -> None:
    page = summary(report())
    assert "| process killed | 3 | 4.0 | 4.0 | 4.0 |" in page
    assert "| network: cut | 1 | 1.0 | 1.0 | 1.0 |" in page
    assert "seed 7" in page
    assert "Requests and connections that the proxy struck: cut 5." in page


def test_a_report_is_written_for_machines_and_for_people(tmp_path: Path) -> None:
    page = write(report(), tmp_path / "deep")
    told = json.loads((page.parent / "report.json").read_text(encoding="utf-8"))
    assert (told["seed"], told["verdict"]) == (7, "all promises held")
    assert page.read_text(encoding="utf-8").startswith("# Chaos: seed 7")
