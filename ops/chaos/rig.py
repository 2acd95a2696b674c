"""One campaign: the whole of wharf on real Kafka, buyers and warehouses outside it, and processes that are killed."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import redis

from ops import catalog
from ops.chaos.buyers import Buyers, open_market, outcomes
from ops.chaos.evidence import Evidence, Violation, by_topic, judged
from ops.chaos.feed_checks import RELEASES, every_entry_is_heard
from ops.chaos.market import BLOCKED, CHANNELS, HOOK, TENANT, Market
from ops.chaos.order_checks import each_has_its_place
from ops.chaos.schedule import Kill
from ops.chaos.verdict import violations
from ops.chaos.warehouse import Warehouse
from ops.demo.client import Channel
from ops.running import Running as Up
from ops.supervisor import Supervisor
from ops.up.plan import Processes
from ops.up.run import Wish, everything
from schemas.settings import Settings
from tests.faults.nemesis import Groups, Nemesis
from tests.faults.witness import Witness
from tests.support.receiver import Receiver, receiver

KILLED = (*(f"worker-{name}" for name in catalog.AGENTS), "gateway", *catalog.DOORS)
PARTITIONS = 4
REST_S = 600.0  # after the last order was answered
LOOK_S = 0.5
AT_REST = {
    "every order is at its end or waits for stock": each_has_its_place,
    "every entry is heard": every_entry_is_heard,
}


@cache
def reads() -> dict[str, tuple[str, ...]]:
    """The topics of each group."""
    agents = {name: tuple(catalog.agent_of(name).reads) for name in catalog.AGENTS}
    return {**agents, "erp": ("erp.attempts",), "deliver": ("feeds.attempts",)}


@dataclass
class Ended:
    """What one campaign came to."""

    evidence: Evidence
    violations: list[Violation]
    nemesis: Nemesis
    traffic_s: float
    rest_s: float
    asked: dict[str, Any] = field(default_factory=dict)


class Outside(threading.Thread):
    """Buyers and warehouses, on a loop of their own."""

    def __init__(self, up: Up, market: Market, rate: float, folder: Path, hooks: Receiver) -> None:
        super().__init__(name="outside", daemon=True)
        self.market, self.rate, self.hooks = market, rate, hooks
        self.ledger = folder / "buyers.jsonl"
        self._up, self._folder = up, folder
        self.warehouse = Warehouse()
        self.buyers: Buyers | None = None
        self.opened, self.sold, self.stop = threading.Event(), threading.Event(), threading.Event()
        self.failed: BaseException | None = None

    @property
    def progress(self) -> float:
        """The share of the orders that has been answered."""
        return self.buyers.progress if self.buyers else 0.0

    def run(self) -> None:
        """Open the market, sell, and ship until told to stop."""
        try:
            asyncio.run(self._play())
        except BaseException as exc:  # noqa: BLE001  told by the test
            self.failed = exc

    async def _play(self) -> None:
        key = self._up.keys["admin"]
        channel, docks = (
            Channel(self._up.gateway, key, self._folder / f"{name}.jsonl") for name in ("buyers", "docks")
        )
        secrets = await open_market(docks, self.market, f"{self.hooks.url}/hooks")
        for name, secret in secrets.items():
            self.hooks.told(name, secret)
        self.opened.set()
        closing = asyncio.Event()
        working = asyncio.create_task(self.warehouse.work(docks, closing))
        self.buyers = Buyers(channel, self.market, self.rate)
        await self.buyers.work()
        self.sold.set()
        while not self.stop.is_set() and not working.done():
            await asyncio.sleep(0.1)
        closing.set()
        await working
        for each in (channel, docks):
            await each.close()


class Campaign:
    """One market, one schedule of kills, one system."""

    def __init__(self, market: Market, schedule: list[Kill], rate: float, bootstrap: str, folder: Path) -> None:
        self.market, self.schedule, self.rate = market, schedule, rate
        self.folder, self.bootstrap = folder, bootstrap
        environment = f"kills-{market.stock}-{time.time_ns() % 10**9}"
        self.settings = Settings(environment=environment, state_dir=folder / ".wharf", partitions=PARTITIONS)

    def run(self) -> Ended:
        """All of it; wharf is stopped when this returns."""
        wish = Wish(kafka=self.bootstrap, processes=Processes.AGENTS)
        with (
            receiver(self.folder / "heard", {}) as hooks,
            everything(self.settings, wish, lambda _: None) as (supervisor, up),
            closing(Witness(self.bootstrap, self.settings.environment, PARTITIONS)) as witness,
            closing(Groups(self.bootstrap, self.settings.environment, reads(), PARTITIONS)) as groups,
        ):
            httpx.post(f"{up.erp_url}/faults", json={"refuse_customers": [BLOCKED]}).raise_for_status()
            outside = Outside(up, self.market, self.rate, self.folder, hooks)
            outside.start()
            return self._played(supervisor, up, witness, groups, outside)

    def _played(self, supervisor: Supervisor, up: Up, witness: Witness, groups: Groups, outside: Outside) -> Ended:
        running = {one.program.name: one for one in supervisor.running}
        nemesis = Nemesis(self.schedule, {name: running[name] for name in KILLED}, groups)
        begun = sold = 0.0
        while not outside.sold.is_set() or nemesis.left:
            self._tend(supervisor, outside, witness)
            begun = begun or (time.monotonic() if outside.opened.is_set() else 0.0)
            nemesis.turn(outside.progress)
        sold = time.monotonic()
        looked = 0.0
        while time.monotonic() < sold + REST_S:
            self._tend(supervisor, outside, witness)
            nemesis.turn(1.0)
            if time.monotonic() < looked + LOOK_S:
                continue
            if self._at_rest(witness, groups, outside) and not judged(self._evidence(up, witness, outside), AT_REST):
                break
            looked = time.monotonic()
        rested = time.monotonic()
        outside.stop.set()
        while outside.is_alive():
            supervisor.tend()
            outside.join(0.1)
        evidence = self._evidence(up, witness, outside)
        return Ended(evidence, violations(evidence), nemesis, sold - begun, rested - sold, _asked(outside.ledger))

    def _tend(self, supervisor: Supervisor, outside: Outside, witness: Witness) -> None:
        supervisor.tend()
        if outside.failed is not None:
            raise outside.failed
        if supervisor.stopping.wait(0.05) or not witness.watching:
            raise RuntimeError("the campaign was told to stop, or nobody watches it any more")

    def _at_rest(self, witness: Witness, groups: Groups, outside: Outside) -> bool:
        """Nothing is on its way: every group has committed up to the last record of each of its topics."""
        committed = {name: groups.committed(name) for name in reads()}
        for name, topics in reads().items():
            if any(committed[name].get(tp, 0) < end for tp, end in witness.ends(topics).items()):
                return False
        releases = [
            entry.record["seq"] for entry in witness.entries if entry.topic == "channels.feed" and entry.key == RELEASES
        ]
        return outside.warehouse.after >= max(releases, default=0)

    def _evidence(self, up: Up, witness: Witness, outside: Outside) -> Evidence:
        orders = {order.number: order for order in self.market.orders}
        answered = {key for key, counts in outcomes(outside.ledger).items() if counts["ok"] and key in orders}
        return Evidence(
            asked={orders[key].id: orders[key] for key in answered},
            supply={sku: self.market.supply(sku) for sku in self.market.products},
            log=by_topic(witness.entries),
            erp=httpx.get(f"{up.erp_url}/ledger", timeout=30).json()["entries"],
            heard={f"{name}/{HOOK}": outside.hooks.taken(name) for name in CHANNELS},
            cache=_cached(up),
            shipped=outside.warehouse.shipped,
        )


def _cached(up: Up) -> dict[str, Any]:
    prefix = f"{up.environment}:av:{TENANT}:"
    with redis.Redis.from_url(up.redis) as client:
        names = sorted(client.scan_iter(match=f"{prefix}*", count=1_000))
        values = client.mget(names) if names else []
        return {
            name.decode().removeprefix(prefix): json.loads(value) for name, value in zip(names, values, strict=True)
        }


def _asked(ledger: Path) -> dict[str, int]:
    """Requests by outcome."""
    found: dict[str, int] = {}
    for counts in outcomes(ledger).values():
        for outcome, count in counts.items():
            found[outcome] = found.get(outcome, 0) + count
    return found
