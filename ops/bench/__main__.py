"""`make bench`: measures what this machine gives, prints it, keeps it under .wharf/bench and, if asked, in the README."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import orjson
from rich.console import Console

from ops import logs
from ops.bench import readme, shown
from ops.bench.figures import Part, Report
from ops.bench.run import FULL, QUICK, measure, named

PROJECT = Path(__file__).parents[2]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and tell; returns the exit code."""
    options = _options(arguments)
    logs.configure("bench", "warning")
    begun = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - begun:5.0f} s] {text}", file=sys.stderr, flush=True)

    size = QUICK if options.quick else FULL
    report = measure(options.only, size, named(options.agents), say, huge=options.huge)
    shown.show(report, Console(width=120))
    say(f"kept in {kept(report, options.folder)}")
    if options.write_readme:
        readme.write(PROJECT / "README.md", shown.markdown(report))
        say("written into the README")
    return 1 if any(agent.wrong for agent in report.agents) or (report.engines and report.engines.wrong) else 0


def kept(report: Report, folder: Path) -> Path:
    """The run's file; a later run of the same day replaces it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{report.at[:10]}.json"
    path.write_bytes(orjson.dumps(report.told(), option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS))
    return path


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m ops.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, a few minutes")
    parser.add_argument("--only", type=_parts, default=list(Part), metavar=",".join(Part), help="these parts alone")
    parser.add_argument("--agents", default="", metavar="A,B", help="these agents alone")
    parser.add_argument("--huge", action="store_true", help="engines, stock: also with ten million SKUs")
    parser.add_argument("--folder", type=Path, default=PROJECT / ".wharf" / "bench", help="where runs are kept")
    parser.add_argument("--write-readme", action="store_true", help="replace the figures in README.md")
    return parser.parse_args(arguments)


def _parts(text: str) -> list[Part]:
    return [Part(name) for name in text.split(",")]


if __name__ == "__main__":
    sys.exit(main())
