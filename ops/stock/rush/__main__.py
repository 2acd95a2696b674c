"""`python -m ops.stock.rush`: many buyers want the last units at once, over HTTP, on real Kafka and Redis.

In every second round the process that owns the stock is killed (SIGKILL) at a random moment; its supervisor starts it
again. Exit 0 where in each round exactly all units were sold, everybody else was refused, and no unit was stranded. The
report stands in .build/rush/seed-N, or where --report says.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from ops import logs
from ops.bench.machine import machine
from ops.bench.table import printed
from ops.demo.ground import cleared
from ops.demo.together import beside, tended
from ops.running import Running
from ops.stock.rush import report
from ops.stock.rush.crowd import crowd
from ops.stock.rush.outside import Outside
from ops.stock.rush.rounds import Rush, left_over
from ops.supervisor import Supervisor
from ops.up.keys import ADMIN
from ops.up.plan import Processes
from ops.up.run import Wish, everything
from ops.up.servers import EMBEDDED, LOCAL
from schemas.settings import Settings

ROOT = Path(__file__).parents[3]
RUNS = ROOT / ".build" / "rush"
OWNERS = ("worker-inventory", "worker-all")
WARM = 40  # buyers of a round that is not counted
Say = Callable[[str], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for and write its report; returns the exit code."""
    options = _options(arguments)
    logs.configure("rush", "warning")
    folder = options.report or RUNS / f"seed-{options.seed}"
    begun = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - begun:6.0f} s  {what}", file=sys.stderr, flush=True)

    found = run(options, folder / "run", say)
    path = report.write(found, folder)
    Console(width=150).print(printed(report.table(found)))
    for problem in found.problems:
        print(problem)
    say(f"report: {path}")
    return 1 if found.problems else 0


def run(options: argparse.Namespace, folder: Path, say: Say) -> report.Report:
    """Start everything in an empty folder, and run all rounds. raises Failed, Unavailable, NotReady"""
    told = datetime.now(UTC).isoformat(timespec="seconds")
    size = (options.seed, options.buyers, options.units, options.connections)
    found = report.Report(told, *size, machine())
    cleared(folder)
    settings = Settings(state_dir=folder, environment="rush", partitions=4, log_level="warning")
    wish = Wish(EMBEDDED, processes=Processes.ONE) if options.embedded else Wish(LOCAL, processes=Processes.AGENTS)
    with everything(settings, wish, say) as (supervisor, up):
        asyncio.run(beside(_rounds(options, found, supervisor, up, say), tended(supervisor)))
    return found


async def _rounds(
    options: argparse.Namespace, found: report.Report, supervisor: Supervisor, up: Running, say: Say
) -> None:
    at = Settings(kafka=up.kafka, redis=up.redis, environment=up.environment, tenant=up.tenant)
    owner = next(one for one in supervisor.running if one.program.name in OWNERS)
    async with crowd(up.gateway, up.keys[ADMIN], options.connections) as buyers:
        with Outside(at) as outside:
            warm = Rush(buyers, outside, owner, min(WARM, options.buyers), min(WARM // 4, options.units), options.seed)
            await warm.run(0, kill=False)
            rush = Rush(buyers, outside, owner, options.buyers, options.units, options.seed)
            for number in range(1, options.rounds + 1):
                one = await rush.run(number, kill=number % 2 == 0)
                found.rounds.append(one)
                say(f"round {number}: {one.sold} sold, {one.refused} refused, {one.seconds:.1f} s{_told(one.problems)}")
            found.left = left_over(found.rounds, options.units, outside.ledger)


def _told(problems: Sequence[str]) -> str:
    return f": {'; '.join(problems)}" if problems else ""


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m ops.stock.rush", description=__doc__)
    parser.add_argument("--buyers", type=int, default=1_000)
    parser.add_argument("--units", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=20, help="the owner is killed in every second one")
    parser.add_argument("--connections", type=int, default=900, help="the gateway takes a thousand")
    parser.add_argument("--seed", type=int, default=1, help="of the moments at which the owner is killed")
    parser.add_argument("--embedded", action="store_true", help="on the embedded broker, which promises less")
    parser.add_argument("--report", type=Path, default=None, help="folder of run and report")
    options = parser.parse_args(arguments)
    if options.buyers < options.units:
        parser.error("there must be a buyer for each unit, or nobody is refused")
    return options


if __name__ == "__main__":
    sys.exit(main())
