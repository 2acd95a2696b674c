"""`python -m ops.snapshots.bench`: what a snapshot costs its sender, and how much is saved by what has not changed.

Three runs of `wharf send --stock` as processes of their own: all rows new, one row in twenty changed, and only judged.
The gateway is a stand-in that agrees at once; with --wharf it is the one that runs here, and its agents are in the figures.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from ops.bench.served import served

CHANGED_OF = 20  # one row in so many says something new the second time: domain/inventory.md §7
LOCATIONS = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print a JSON line per run; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m ops.snapshots.bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--wharf", action="store_true", help="the running system instead of a stand-in")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, _gateway(options.wharf) as told:
        first, second = Path(folder) / "first.csv", Path(folder) / "second.csv"
        now = datetime.now(UTC)
        write(first, options.rows, now - timedelta(hours=2), changed=0)
        write(second, options.rows, now - timedelta(hours=1), changed=1)
        for name, path, more in (("judged", first, ["--dry-run"]), ("new", first, []), ("repeated", second, [])):
            print(orjson.dumps({"run": name, **_run(path, more, Path(folder), told)}).decode(), flush=True)
    return 0


def write(path: Path, rows: int, at: datetime, changed: int) -> None:
    """A snapshot of so many positions; of `changed` of each CHANGED_OF rows the count is another."""
    with path.open("w", encoding="utf-8") as file:
        file.write("sku,location,quantity,unit,as_of\n")
        stamp = at.isoformat(timespec="seconds")
        for number in range(rows):
            more = 1 if number % CHANGED_OF < changed else 0
            sku, location = f"BENCH-{number // LOCATIONS:07}", f"DC{number % LOCATIONS + 1}"
            file.write(f"{sku},{location},{number % 500 + more},EA,{stamp}\n")


def _run(path: Path, more: Sequence[str], folder: Path, told: dict[str, str]) -> dict[str, Any]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = subprocess.run(
        [sys.executable, "-m", "ops.cli", "send", str(path), "--stock", "bench", *more],
        env={**os.environ, "WHARF_STATE_DIR": str(folder / "state"), **told}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if said.returncode:
        raise SystemExit(said.stderr)
    found: dict[str, Any] = orjson.loads(said.stdout)
    names = ("rows", "sent", "unchanged", "saved", "seconds", "rows_per_second")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {**{name: found[name] for name in names}, "cpu_seconds": round(cpu, 2), "peak_mb": after.ru_maxrss // 1024}


@contextmanager
def _gateway(running: bool) -> Iterator[dict[str, str]]:
    """Settings that name the gateway."""
    if running:
        from ops.gateway_client import gateway

        with gateway() as at:
            yield {"WHARF_URL": at.url, "WHARF_API_KEY": at.key}
        return
    with served("ops.snapshots.standin") as url:
        yield {"WHARF_URL": url, "WHARF_API_KEY": "okp_bench"}


if __name__ == "__main__":
    sys.exit(main())
