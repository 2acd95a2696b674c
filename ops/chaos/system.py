"""The whole of wharf for a campaign: three brokers behind the proxy, Redis, a practice ERP, subscribers, real processes."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ops import catalog
from ops.chaos.market import BLOCKED
from ops.chaos.preload import Preload, compiled
from ops.chaos.proxied import Proxied
from ops.embedded.child import free_port
from ops.embedded.cluster import Cluster
from ops.embedded.redis import Redis
from ops.probing import is_ready, listens
from ops.supervisor import Program, Running, Supervisor
from ops.topics.everything import apply_all
from ops.up import servers
from ops.up.keys import development, publish
from ops.up.plan import Processes, environment, prepared, programs
from schemas.settings import Settings

PARTITIONS = 4
BUSIEST = ("orders", "inventory")  # of these two workers run
RECEIVER, REDIS, ERP = "subscribers", "redis", "practice-erp"
LOOPBACK_S = 10.0


@dataclass
class System:
    """What runs, and where it is reached."""

    folder: Path
    settings: Settings  # as wharf's processes have them: the proxy's addresses
    supervisor: Supervisor
    cluster: Cluster
    proxied: Proxied
    hooks: str  # URL of the subscribers
    key: str  # that may do all
    preloads: Mapping[str, Preload] = field(default_factory=dict)  # by worker, where its clock and disk can be troubled

    @property
    def gateway(self) -> str:
        """Where buyers go."""
        return f"http://{self.settings.gateway}"

    @property
    def direct(self) -> Settings:
        """The settings of those who judge: the brokers' own addresses."""
        return self.settings.model_copy(update={"kafka": self.cluster.bootstrap})

    @property
    def running(self) -> dict[str, Running]:
        """All processes by name; brokers are broker-1 to broker-3."""
        return {one.program.name: one for one in self.supervisor.running}

    def taken(self, name: str) -> list[dict[str, Any]]:
        """A subscriber's ledger of what it believed."""
        return self._ledger(f"{name}.jsonl")

    def refused(self, name: str) -> list[dict[str, Any]]:
        """Its ledger of what it did not."""
        return self._ledger(f"{name}.refused.jsonl")

    def tell_secret(self, name: str, secret: str) -> None:
        """A subscriber learns how its webhooks are signed."""
        call("PUT", f"{self.hooks}/secrets/{name}", secret.encode())

    def erp_misbehaves(self, **faults: object) -> None:
        """From now on exactly so; one customer is blocked in any case."""
        call("POST", f"{self.settings.erp_url}/faults", json.dumps({"refuse_customers": [BLOCKED], **faults}).encode())

    def _ledger(self, name: str) -> list[dict[str, Any]]:
        path = self.folder / RECEIVER / name
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


@contextmanager
def system(folder: Path, *, shimmed: bool = False) -> Iterator[System]:
    """All of it, ready; ended when the block is left. Raises Unavailable, NotReady.

    shimmed  whether clocks and disks of workers are going to be troubled: without a C compiler there is no campaign then
    """
    supervisor, proxied, cluster = Supervisor(folder / "log"), None, Cluster(folder / "kafka")
    try:
        with supervisor.until_signalled():
            try:
                cluster.start()
                proxied = Proxied(cluster.routes, folder)
                proxied.wait()
                yield _started(folder, supervisor, cluster, proxied, _preloads(folder) if shimmed else {})
            finally:
                _end(supervisor, cluster)
    finally:
        cluster.kill()
        if proxied:
            proxied.stop()


def _started(
    folder: Path, supervisor: Supervisor, cluster: Cluster, proxied: Proxied, preloads: Mapping[str, Preload]
) -> System:
    kept = Redis(folder / "redis", keep=True)
    kept.start()
    children = [(f"broker-{place}", node.child) for place, node in enumerate(cluster.nodes, start=1)]
    for name, child in [*children, (REDIS, kept.child)]:
        if child:
            supervisor.adopt(name, child, essential=False)
    given = Settings(
        environment=f"chaos-{time.time_ns() % 10**9}", state_dir=folder / "state", partitions=PARTITIONS,
        replication=len(cluster.nodes), kafka=proxied.bootstrap, redis=kept.url, allow_local_webhooks=True,
    )  # fmt: skip
    secrets = development(folder)
    settings = prepared(given, secrets, **servers.erp(supervisor, folder, given))
    hooks = _subscribers(supervisor, folder / RECEIVER)
    direct = settings.model_copy(update={"kafka": cluster.bootstrap})
    refused = [change for change in apply_all(direct) if change.done == "refused"]
    if refused:
        raise RuntimeError(f"the brokers refuse what wharf asks of them: {refused}")
    asyncio.run(publish(direct, [secrets.api_key()], settings.tenant, tries=6))
    supervisor.start([_preloaded(one, preloads.get(one.name)) for one in _processes(settings)])
    return System(folder, settings, supervisor, cluster, proxied, hooks, secrets.token, preloads)


def _preloads(folder: Path) -> dict[str, Preload]:
    library = compiled(folder)
    return {name: Preload(library, folder / f"{name}.told") for name in names()["worker"]}


def _preloaded(one: Program, preload: Preload | None) -> Program:
    """With its shim; and it finds its modules compiled when it starts again, as where wharf is installed."""
    env = {name: value for name, value in one.env.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return replace(one, env=env | (preload.env if preload else {}))


def _processes(settings: Settings) -> list[Program]:
    """The programs of `wharf up`; workers are those that die of deadly records, and of the busiest there are two."""
    made = [_deadly(one) if one.name.startswith("worker-") else one for one in programs(settings, Processes.AGENTS)]
    by_name = {one.name: one for one in made}
    return [*made, *(_second(settings, by_name[f"worker-{name}"]) for name in BUSIEST)]


def _deadly(worker: Program) -> Program:
    return replace(worker, command=(sys.executable, "-m", "ops.chaos.deadly", *worker.command[3:]))


def _second(settings: Settings, first: Program) -> Program:
    port = free_port()
    env = environment(settings, metrics_host="127.0.0.1", metrics_port=port)
    return replace(first, name=f"{first.name}-2", env=env, ready=lambda: is_ready(f"http://127.0.0.1:{port}/readyz"))


def _subscribers(supervisor: Supervisor, ledger: Path) -> str:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = (sys.executable, "-m", "ops.demo.receiver", "--port", str(port), "--ledger", str(ledger))
    supervisor.start([Program(RECEIVER, command, dict(os.environ), lambda: listens(f"{url}/state"))])
    return url


def _end(supervisor: Supervisor, cluster: Cluster) -> None:
    """Stop wharf's processes in good order; brokers that are to be thrown away are not asked to hand over."""
    brokers = {f"broker-{place}" for place in range(1, len(cluster.nodes) + 1)}
    kept = [stage for stage in supervisor.stages if stage[0].program.name in brokers]
    supervisor.stages = [stage for stage in supervisor.stages if stage not in kept]
    supervisor.stop()
    for stage in kept:
        for one in stage:
            one.child.kill()


def call(method: str, url: str, body: bytes) -> None:
    """One request on the loopback; raises URLError."""
    with urllib.request.urlopen(urllib.request.Request(url, body, method=method), timeout=LOOPBACK_S):
        pass


def names() -> dict[str, tuple[str, ...]]:
    """Processes by what they are: workers, the gateway, doors."""
    workers = [f"worker-{name}" for name in catalog.processes()] + [f"worker-{name}-2" for name in BUSIEST]
    return {"worker": tuple(workers), "gateway": ("gateway",), "door": catalog.DOORS}


def cleared(folder: Path) -> Path:
    """The folder, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
