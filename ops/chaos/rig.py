"""One campaign: the whole of wharf on three brokers, buyers and warehouses outside it, and a schedule of faults."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ops.chaos.aftermath import Aftermath, aftermath
from ops.chaos.evidence import Evidence, Violation, judged
from ops.chaos.feed_checks import every_entry_is_heard
from ops.chaos.honesty import HONEST, books, lies
from ops.chaos.market import Market
from ops.chaos.order_checks import each_has_its_place
from ops.chaos.schedule import NEEDS_SHIM, Fault
from ops.chaos.system import system
from ops.chaos.verdict import violations
from ops.chaos.watch import Watch, watching

REST_S = 420.0  # after the last order was answered and the last fault done
LOOK_S = 0.5
TELL_S = 10.0
RESTED = "everything comes to rest"
AT_REST = {
    "every order is at its end or waits for stock": each_has_its_place,
    "every entry is heard": every_entry_is_heard,
}
Say = Callable[[str], None]


class Broken(RuntimeError):
    """The campaign itself cannot go on: a watcher died, or it was told to stop."""


@dataclass
class Ended:
    """What one campaign came to."""

    evidence: Evidence
    violations: list[Violation]
    done: list[dict[str, Any]]
    counts: Counter[str]
    recovered: list[tuple[str, str, float]]
    unhealed: list[str]
    proxy: dict[str, Any]
    traffic_s: float
    rest_s: float
    judged_s: float
    started_s: float = 0.0
    requests: dict[str, int] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)


class Campaign:
    """One market, one schedule, one system in a folder of its own."""

    def __init__(
        self, market: Market, faults: Sequence[Fault], rate: float, seed: int, folder: Path, say: Say = lambda _: None
    ) -> None:
        self.market, self.faults, self.rate, self.seed = market, faults, rate, seed
        self.folder, self.say = folder, say

    def run(self) -> Ended:
        """All of it; nothing is left running. Raises Broken, Unavailable, NotReady."""
        began = time.monotonic()
        with (
            system(self.folder, shimmed=any(fault.kind in NEEDS_SHIM for fault in self.faults)) as running,
            watching(running, self.market, self.rate, self.faults, self.seed, self.folder) as watch,
        ):
            started = time.monotonic() - began
            self.say(f"everything runs after {started:.0f} s: {len(running.running)} processes")
            ended, after = self._played(watch)
            environment = running.settings.environment
        ended.violations += after.on_disk(self.folder / "state", environment)
        ended.started_s = started
        return ended

    def _played(self, watch: Watch) -> tuple[Ended, Aftermath]:
        watch.system.erp_misbehaves()
        watch.outside.start()
        self._until(watch, watch.outside.opened.is_set)
        begun = time.monotonic()
        watch.nemesis.start()
        self._until(watch, lambda: watch.outside.sold.is_set() and not watch.nemesis.left)
        sold = time.monotonic()
        watch.nemesis.stop()
        watch.standstill.begin()
        self.say(f"traffic ended after {sold - begun:.0f} s; {watch.nemesis.counts.total()} faults")
        rested = self._rest(watch)
        at_rest = time.monotonic()
        self.say(f"{'at rest' if rested else 'no rest'} {at_rest - sold:.0f} s later; some quiet orders")
        found = self._quietly(watch)
        watch.outside.stop.set()
        while watch.outside.is_alive():
            watch.system.supervisor.tend()
            watch.outside.join(0.1)
        self.say("judging")
        after = aftermath(watch.system, watch.witness)
        ended = self._judged(watch, rested, after)
        ended.violations += found
        ended.traffic_s, ended.rest_s, ended.judged_s = sold - begun, at_rest - sold, time.monotonic() - at_rest
        return ended, after

    def _quietly(self, watch: Watch) -> list[Violation]:
        """A stretch in which nothing is broken: then what wharf counts of itself can be compared with the log."""
        before = books(watch.system, watch.witness)
        watch.outside.go_on.set()
        self._until(watch, watch.outside.sold_out.is_set)
        if not self._rest(watch):
            return [Violation(RESTED, "not after the quiet orders")]
        return [Violation(HONEST, shown) for shown in lies(before, books(watch.system, watch.witness))]

    def _judged(self, watch: Watch, rested: bool, after: Aftermath) -> Ended:
        evidence = watch.evidence()
        found = [*violations(evidence), *after.violations, *watch.standstill.violations()]
        if not rested:
            found.append(Violation(RESTED, f"not within {REST_S:.0f} s: {watch.behind()}"))
        return Ended(
            evidence=evidence, violations=found, done=[one.told() for one in watch.nemesis.done],
            counts=watch.nemesis.counts, recovered=list(watch.recovery.taken),
            unhealed=[f"{wound.kind} {wound.what}: {dict(wound.due)}" for wound in watch.recovery.open],
            proxy=watch.system.proxied.state(), traffic_s=0.0, rest_s=0.0, judged_s=0.0,
            requests=watch.requests(), notes=watch.notes(),
        )  # fmt: skip

    def _until(self, watch: Watch, holds: Callable[[], bool]) -> None:
        told = time.monotonic()
        while not holds():
            self._tend(watch)
            if time.monotonic() > told + TELL_S:
                told = time.monotonic()
                self.say(watch.progress())

    def _rest(self, watch: Watch) -> bool:
        """Wait until nothing is on its way; False where that does not come about."""
        began = looked = told = time.monotonic()
        while time.monotonic() < began + REST_S:
            self._tend(watch)
            if time.monotonic() < looked + LOOK_S:
                continue
            if watch.at_rest() and not judged(watch.evidence(), AT_REST):
                return True
            looked = time.monotonic()
            if looked > told + TELL_S:
                told = looked
                self.say(f"resting: {watch.behind()}")
        return False

    def _tend(self, watch: Watch) -> None:
        watch.system.supervisor.tend()
        if trouble := watch.trouble():
            raise Broken("one of those who watch has stopped") from trouble
        if watch.system.supervisor.stopping.wait(0.05):
            raise Broken("the campaign was told to stop")
