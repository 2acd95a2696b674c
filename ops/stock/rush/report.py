"""What a rush leaves behind: report.json for machines, report.md for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ops.bench.arithmetic import percentile
from ops.bench.table import Table
from ops.stock.rush.rounds import Round

HEADER = ("round", "killed at", "decided by then", "sold", "refused", "undecided", "most promised", "free again",
          "s", "p50 ms", "p99 ms", "requests", "held")  # fmt: skip


@dataclass(slots=True)
class Report:
    """One run in figures."""

    at: str
    seed: int
    buyers: int
    units: int
    connections: int
    machine: dict[str, str]
    rounds: list[Round] = field(default_factory=list)
    left: list[str] = field(default_factory=list)  # found at the end of all rounds

    @property
    def problems(self) -> list[str]:
        """Broken promises."""
        return [f"round {one.number}: {problem}" for one in self.rounds for problem in one.problems] + self.left

    @property
    def verdict(self) -> str:
        """In a few words."""
        held = f"{self.units} of {self.units} sold in each of {len(self.rounds)} rounds, nothing stranded"
        return f"{len(self.problems)} broken promises" if self.problems else held

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return {**asdict(self), "verdict": self.verdict, "problems": self.problems}


def table(report: Report) -> Table:
    """A row for each round."""
    title = f"{report.buyers:,} buyers of {report.units} units, seed {report.seed}: {report.verdict}"
    return Table(title, HEADER, [_row(one) for one in report.rounds], " ".join(_notes(report)))


def _row(one: Round) -> list[str]:
    killed = "–" if one.killed_after_s is None else f"{one.killed_after_s:.1f} s"
    decided = "–" if one.killed_after_s is None else f"{one.decided_before:,}"
    took = (f"{one.took.p50_ms:,.0f}", f"{one.took.p99_ms:,.0f}") if one.took else ("–", "–")
    counts = (one.sold, one.refused, one.undecided, one.most_promised, one.free_again)
    return [
        str(one.number), killed, decided, *(f"{count:,}" for count in counts), f"{one.seconds:.1f}", *took,
        f"{one.asked:,}", "NO" if one.problems else "yes",
    ]  # fmt: skip


def _notes(report: Report) -> Iterator[str]:
    yield f"All buyers begin at once, over at most {report.connections:,} connections; p50 and p99 are of the way to a decision."
    for name, chosen in (
        ("undisturbed", [one for one in report.rounds if one.killed_after_s is None]),
        ("with the owner killed", [one for one in report.rounds if one.killed_after_s is not None]),
    ):
        if chosen:
            yield f"Rounds {name}: {_middle(chosen)}."


def _middle(rounds: Sequence[Round]) -> str:
    seconds = [one.seconds for one in rounds]
    return f"{len(rounds)}, half within {percentile(seconds, 0.5):.1f} s, the longest {max(seconds):.1f} s"


def page(report: Report) -> str:
    """The report for people."""
    shown = table(report)
    rule = "|".join(["---:"] * len(shown.header))
    rows = [f"| {' | '.join(row)} |" for row in (shown.header, *shown.rows)]
    problems = [f"- {problem}" for problem in report.problems]
    machine = ", ".join(report.machine.values())
    lines = [f"# {shown.title}", "", f"{report.at}: {machine}.", "", rows[0], f"|{rule}|", *rows[1:], "", shown.note]
    return "\n".join([*lines, "", *problems]).rstrip() + "\n"


def write(report: Report, folder: Path) -> Path:
    """Write both; returns the page."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(json.dumps(report.told(), indent=1) + "\n", encoding="utf-8")
    path = folder / "report.md"
    path.write_text(page(report), encoding="utf-8")
    return path
