"""SIGKILL of every process at random moments on real Kafka: nothing is lost, nothing is doubled, nothing is oversold.

WHARF_KILLS        kills of each process (2; `make kills`: 20)
WHARF_KILL_ORDERS  orders (150 for each kill of a process; with 20 and more, 5,000)
WHARF_KILL_SEED    seed of orders and moments (1)
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from ops.chaos.calm import calm
from ops.chaos.evidence import Violation
from ops.chaos.market import Market, Stock
from ops.chaos.schedule import kills
from ops.chaos.verdict import differences
from ops.embedded.kafka import Kafka
from tests.faults.nemesis import percentiles
from tests.faults.rig import KILLED, Campaign, Ended

KILLS = int(os.environ.get("WHARF_KILLS", "2"))
ORDERS = int(os.environ.get("WHARF_KILL_ORDERS", str(5_000 if KILLS >= 20 else 150 * max(1, KILLS))))
SEED = int(os.environ.get("WHARF_KILL_SEED", "1"))
TRAFFIC_S = 30.0 if KILLS <= 2 else 25.0 * KILLS  # so long orders come in

pytestmark = [pytest.mark.kafka, pytest.mark.slow, pytest.mark.timeout(3_600 if KILLS > 2 else 400)]


def campaign(stock: Stock, kafka: Kafka, folder: Path) -> Ended:
    schedule = kills(KILLED, KILLS, SEED)
    return Campaign(Market(stock, ORDERS, SEED), schedule, ORDERS / TRAFFIC_S, kafka.bootstrap, folder).run()


def report(stock: Stock, ended: Ended, found: list[Violation], seconds: float) -> None:
    recovery = percentiles([taken for _, taken in ended.nemesis.recovered])
    print(
        f"\n{stock} stock, seed {SEED}: {len(ended.evidence.asked)} orders, {ended.nemesis.done.total()} kills {dict(ended.nemesis.done)}"
    )
    print(
        f"  requests {ended.asked}; traffic {ended.traffic_s:.0f} s, rest after {ended.rest_s:.0f} s, in all {seconds:.0f} s"
    )
    print(f"  progress again after p50 {recovery[0]} s, p99 {recovery[1]} s; {len(found)} violations")
    for violation in found[:40]:
        print(f"  {violation}"[:400])


Capture = pytest.CaptureFixture[str]


def test_with_ample_stock_kills_change_no_final_fact(kafka: Kafka, tmp_path: Path, capsys: Capture) -> None:
    begun = time.monotonic()
    ended = campaign(Stock.AMPLE, kafka, tmp_path)
    found = [*ended.violations, *differences(calm(Market(Stock.AMPLE, ORDERS, SEED), hooks=()), ended.evidence)]
    with capsys.disabled():
        report(Stock.AMPLE, ended, found, time.monotonic() - begun)
    assert found == []
    assert (len(ended.evidence.asked), set(ended.nemesis.done.values())) == (ORDERS, {KILLS} if KILLS else set())


def test_with_scarce_stock_kills_break_no_invariant(kafka: Kafka, tmp_path: Path, capsys: Capture) -> None:
    begun = time.monotonic()
    ended = campaign(Stock.SCARCE, kafka, tmp_path)
    with capsys.disabled():
        report(Stock.SCARCE, ended, ended.violations, time.monotonic() - begun)
    assert ended.violations == []
    assert (len(ended.evidence.asked), set(ended.nemesis.done.values())) == (ORDERS, {KILLS} if KILLS else set())
