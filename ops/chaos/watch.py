"""All that looks at a running system from outside, and what it has to show."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import httpx
import redis

from ops import catalog
from ops.chaos.buyers import outcomes
from ops.chaos.evidence import Evidence, by_topic
from ops.chaos.faulty_redis import FaultyRedis
from ops.chaos.feed_checks import RELEASES
from ops.chaos.glances import Glances
from ops.chaos.market import CHANNELS, HOOK, TENANT, Market, Order
from ops.chaos.nemesis import Nemesis
from ops.chaos.outside import Outside
from ops.chaos.poisoner import Poisoner
from ops.chaos.recovery import Groups, Pulse, Recovery
from ops.chaos.schedule import Fault
from ops.chaos.standstill import Standstill
from ops.chaos.system import PARTITIONS, System
from ops.chaos.witness import Witness

LOOK_S = 0.2


@cache
def reads() -> dict[str, tuple[str, ...]]:
    """The topics of each group."""
    agents = {name: tuple(catalog.agent_of(name).reads) for name in catalog.AGENTS}
    return {**agents, "erp": ("erp.attempts",), "deliver": ("feeds.attempts",)}


@dataclass
class Watch:
    """Those who look, and those who act."""

    system: System
    outside: Outside
    witness: Witness
    groups: Groups
    recovery: Recovery
    glances: Glances
    nemesis: Nemesis
    standstill: Standstill = field(default_factory=Standstill)

    def trouble(self) -> BaseException | None:
        """What stopped one of them, if anything did."""
        return self.outside.failed or self.witness.failed or self.nemesis.failed

    def behind(self) -> dict[str, int]:
        """Records that are not decided yet, by group."""
        found = {}
        for name, topics in reads().items():
            committed = self.groups.committed(name)
            if name in catalog.AGENTS:  # a door's offset waits for the slowest of those that it handles at once
                self.standstill.look(name, committed, self.witness.ends(topics))
            if left := sum(max(0, end - committed.get(tp, 0)) for tp, end in self.witness.ends(topics).items()):
                found[name] = left
        return found

    def at_rest(self) -> bool:
        """Nothing is on its way: every group has committed all, and the warehouse has played every release."""
        if self.behind():
            return False
        releases = [
            entry.record["seq"]
            for entry in self.witness.entries
            if entry.topic == "channels.feed" and entry.key == RELEASES and entry.record
        ]
        return self.outside.warehouse.after >= max(releases, default=0)

    def progress(self) -> str:
        """How far it is, in one line."""
        told = ", ".join(f"{count} {kind}" for kind, count in sorted(self.nemesis.counts.items()))
        share = f"{self.outside.progress:.0%} of the orders answered"
        return f"{share}; {told or 'no faults'}; {self.nemesis.left} to come"

    def evidence(self) -> Evidence:
        """What a verdict may be based on, as it stands now."""
        bad = self.nemesis.poisoner.positions
        witness, settings = self.witness, self.system.settings
        entries = [one for one in witness.entries if (one.topic, one.partition, one.offset) not in bad]
        market = self.outside.market
        answered = {key for key, counts in outcomes(self.outside.ledgers["buyers"]).items() if counts["ok"]}
        return Evidence(
            asked={self.orders[key].id: self.orders[key] for key in answered & self.orders.keys()},
            supply={sku: market.supply(sku) for sku in market.products},
            log=by_topic(entries),
            erp=httpx.get(f"{settings.erp_url}/ledger", timeout=30, trust_env=False).json()["entries"],
            heard={f"{name}/{HOOK}": self.system.taken(name) for name in CHANNELS},
            refused={f"{name}/{HOOK}": self.system.refused(name) for name in CHANNELS},
            cache=cached(self.system),
            shipped=self.outside.warehouse.shipped,
            poisons=[*self.nemesis.poisoner.put_so_far, *self.nemesis.poisoner.deadly],
            dead=list(witness.dead),
            oddities=self._oddities(bad),
        )

    @cached_property
    def orders(self) -> dict[str, Order]:
        """What buyers want, by number."""
        return {order.number: order for order in self.outside.market.orders}

    def _oddities(self, bad: set[tuple[str, int, int]]) -> list[str]:
        strange = [record.position for record in self.witness.strange if record.position not in bad]
        unreadable = [f"nobody can read what stands at {position}" for position in strange]
        return [*self.witness.back, *self.groups.back, *self.glances.back, *unreadable]

    def requests(self) -> dict[str, int]:
        """Requests by outcome."""
        found: Counter[str] = Counter()
        for counts in outcomes(self.outside.ledgers["buyers"]).values():
            found.update(counts)
        return dict(found)

    def notes(self) -> dict[str, Any]:
        """What else a reader of the report wants to know."""
        return {
            "records in the log": sum(len(seen) for seen in self.witness.seen.values()),
            "poison that the brokers refused": dict(self.nemesis.poisoner.refused),
            "standstill after the last fault": self.standstill.told(),
            "looks at Redis": {"answered": self.glances.looks, "away": self.glances.away},
        }


@contextmanager
def watching(
    running: System, market: Market, rate: float, faults: Sequence[Fault], seed: int, folder: Path
) -> Iterator[Watch]:
    """Everybody in place, and nobody at work yet but those who only look."""
    direct, environment = running.direct.kafka, running.settings.environment
    with ExitStack() as stack:
        witness = stack.enter_context(closing(Witness(direct, environment, PARTITIONS)))
        groups = stack.enter_context(closing(Groups(direct, environment, reads(), PARTITIONS)))
        recovery = Recovery(groups, reads(), Pulse(witness.ends))
        store = FaultyRedis(running.settings.redis, folder / "redis")
        prefix = f"{environment}:av:{TENANT}:"
        glances = stack.enter_context(closing(Glances(running.settings.redis, prefix, lambda: store.losses)))
        outside = Outside(running, market, rate, folder)
        poisoner = Poisoner(running.direct, seed)
        nemesis = Nemesis(running, faults, recovery, poisoner, store, lambda: outside.progress)
        stack.enter_context(_looking(recovery))
        yield Watch(running, outside, witness, groups, recovery, glances, nemesis)


@contextmanager
def _looking(recovery: Recovery) -> Iterator[None]:
    """Somebody looks how the wounds heal, five times a second."""
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(LOOK_S):
            recovery.look()

    thread = threading.Thread(target=look, name="recovery", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def cached(running: System) -> dict[str, Any]:
    """Availability in Redis, by SKU."""
    prefix = f"{running.settings.environment}:av:{TENANT}:"
    with redis.Redis.from_url(running.settings.redis) as client:
        names = sorted(client.scan_iter(match=f"{prefix}*", count=1_000))
        values = client.mget(names) if names else []
        return {
            name.decode().removeprefix(prefix): json.loads(value) for name, value in zip(names, values, strict=True)
        }
