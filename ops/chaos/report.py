"""What a campaign leaves behind: report.json for machines, report.md for people."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ops.chaos.aftermath import CHANGELOG, OPEN, ORACLE, TWICE
from ops.chaos.honesty import HONEST
from ops.chaos.market import Stock
from ops.chaos.recovery import percentiles
from ops.chaos.rig import RESTED, Ended
from ops.chaos.schedule import Size
from ops.chaos.standstill import GOES_ON
from ops.chaos.store_checks import STORES
from ops.chaos.verdict import CHECKS, SAME

SHOWN = 100  # violations that are written out
ALSO = (ORACLE, CHANGELOG, STORES, TWICE, OPEN, HONEST, GOES_ON, RESTED)


@dataclass
class Report:
    """One campaign in figures."""

    seed: int
    stock: str
    size: dict[str, Any]
    commit: str
    machine: str
    orders: int
    requests: dict[str, int]
    faults: dict[str, int]
    proxy: dict[str, int]
    recovery: dict[str, dict[str, float]]
    unhealed: list[str]
    seconds: dict[str, float]
    invariants: dict[str, int]  # violations of each
    violations: list[str]
    notes: dict[str, Any]
    done: list[dict[str, Any]]

    @property
    def verdict(self) -> str:
        """In two words."""
        return "all promises held" if not self.violations else f"{sum(self.invariants.values())} violations"


def made(size: Size, stock: Stock, seed: int, ended: Ended, seconds: float) -> Report:
    """The report of a campaign."""
    sentences = [*CHECKS, *ALSO, *([SAME] if stock is Stock.AMPLE else [])]
    invariants = dict.fromkeys(sentences, 0)
    for violation in ended.violations:
        invariants[violation.invariant] = invariants.get(violation.invariant, 0) + 1
    spent = {"start": ended.started_s, "traffic": ended.traffic_s, "rest": ended.rest_s, "judging": ended.judged_s}
    return Report(
        seed=seed, stock=stock, size=asdict(size), commit=_commit(), machine=f"{platform.machine()}, {_cores()} cores",
        orders=len(ended.evidence.asked), requests=ended.requests, faults=dict(ended.counts),
        proxy=dict(ended.proxy.get("done", {})), recovery=recovery(ended.recovered), unhealed=ended.unhealed,
        seconds={name: round(value, 1) for name, value in {**spent, "in all": seconds}.items()},
        invariants=invariants, violations=[str(one)[:500] for one in ended.violations[:SHOWN]], notes=ended.notes,
        done=ended.done,
    )  # fmt: skip


def recovery(taken: list[tuple[str, str, float]]) -> dict[str, dict[str, float]]:
    """Seconds until what was struck made progress again, by kind of fault."""
    by_kind: defaultdict[str, list[float]] = defaultdict(list)
    for kind, _, seconds in taken:
        by_kind[kind].append(seconds)
    return {
        kind: {
            "count": len(found),
            **dict(zip(("p50", "p99", "most"), [*percentiles(found), round(max(found), 1)], strict=True)),
        }
        for kind, found in sorted(by_kind.items())
    }


def summary(report: Report) -> str:
    """What a person wants to see first."""
    return "\n".join(_summary(report))


def _summary(report: Report) -> Iterator[str]:
    yield f"# Chaos: seed {report.seed}, {report.stock} stock: {report.verdict}"
    yield ""
    asked = ", ".join(f"{outcome} {count}" for outcome, count in report.requests.items())
    spent = ", ".join(f"{name} {seconds:.0f}" for name, seconds in report.seconds.items())
    each = report.seconds["in all"] / max(1, report.orders)
    yield f"{report.orders:,} orders taken (requests: {asked}); {report.machine}, commit {report.commit}."
    yield f"Seconds: {spent}; {each:.2f} an order. {report.notes.get('records in the log', 0):,} records in the log."
    yield ""
    yield "| fault | done | felt for p50 | p99 | most (s) |"
    yield "|---|---|---|---|---|"
    for kind, count in sorted(report.faults.items()):
        felt = report.recovery.get(kind, {})
        yield f"| {kind} | {count} | {felt.get('p50', '')} | {felt.get('p99', '')} | {felt.get('most', '')} |"
    for kind, felt in report.recovery.items():
        if kind not in report.faults:
            yield f"| {kind} | {felt['count']:.0f} | {felt['p50']} | {felt['p99']} | {felt['most']} |"
    yield ""
    struck = ", ".join(f"{harm} {count}" for harm, count in sorted(report.proxy.items()))
    yield f"Requests and connections that the proxy struck: {struck or 'none'}."
    if still := report.notes.get("standstill after the last fault"):
        yield f"Without progress after the last fault: {still}."
    yield f"Faults whose end was not seen, as no record came behind them: {len(report.unhealed)}."
    yield ""
    yield "| promise | violations |"
    yield "|---|---|"
    yield from (f"| {sentence} | {count} |" for sentence, count in report.invariants.items())
    yield ""
    yield from (f"- {violation[:300]}" for violation in report.violations[:20])


def write(report: Report, folder: Path) -> Path:
    """Write both; returns the page."""
    folder.mkdir(parents=True, exist_ok=True)
    told = {**asdict(report), "verdict": report.verdict}
    (folder / "report.json").write_text(json.dumps(told, indent=1, default=str) + "\n", encoding="utf-8")
    page = folder / "report.md"
    page.write_text(summary(report) + "\n", encoding="utf-8")
    return page


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def _cores() -> int:
    return os.cpu_count() or 0
