"""`python -m ops.chaos`: breaks everything around a running wharf, and judges from outside what became of the orders.

Exit 0 where no promise was broken. The report stands in .build/chaos/SIZE-STOCK-SEED, or where --report says.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

from ops.chaos import report
from ops.chaos.calm import calm
from ops.chaos.market import Market, Stock
from ops.chaos.rig import Campaign, Ended, Say
from ops.chaos.schedule import SIZES, Size, schedule
from ops.chaos.system import cleared
from ops.chaos.verdict import differences

ROOT = Path(__file__).parents[2]
RUNS = ROOT / ".build" / "chaos"


def campaign(size: Size, stock: Stock, seed: int, folder: Path, say: Say) -> report.Report:
    """One campaign in a folder of its own, judged, and against a calm run where stock is ample."""
    began = time.monotonic()
    market = Market(stock, size.orders, seed)
    ended: Ended = Campaign(market, schedule(size, seed), size.rate, seed, cleared(folder / "run"), say).run()
    if stock is Stock.AMPLE:
        say("playing the same day without a fault")
        ended.violations += differences(calm(market, hooks=()), ended.evidence)
    return report.made(size, stock, seed, ended, time.monotonic() - began)


def main() -> int:
    """Run what was asked for and write its report."""
    options = _options()
    size = SIZES[options.size]
    size = replace(size, orders=options.orders or size.orders, rate=options.rate or size.rate)
    stock = Stock(options.stock) if options.stock else (Stock.AMPLE, Stock.SCARCE)[options.seed % 2 == 0]
    folder = options.report or RUNS / f"{options.size}-{stock}-{options.seed}"
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {what}", flush=True)

    say(f"{options.size}, seed {options.seed}, {stock} stock, {size.orders} orders at {size.rate:.0f}/s")
    found = campaign(size, stock, options.seed, folder, say)
    page = report.write(found, folder)
    print(report.summary(found))
    say(f"report: {page}")
    return 1 if found.violations else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m ops.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of orders, faults and poison; even = scarce stock")
    parser.add_argument("--size", choices=sorted(SIZES), default="ci")
    parser.add_argument("--stock", choices=[str(stock) for stock in Stock], default="")
    parser.add_argument("--orders", type=int, default=0, help="instead of the size's own number")
    parser.add_argument("--rate", type=float, default=0.0, help="orders a second, instead of the size's own")
    parser.add_argument("--report", type=Path, default=None, help="folder of run and report")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
