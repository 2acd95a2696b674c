"""The table and Redis made again from the log, each beside a plain consumer that reads the same topic for nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any, cast

import redis

from ops.bench import alone
from ops.bench.cost import Cost
from ops.bench.lane import Ground
from ops.bench.played import Played
from ops.bench.pouring import make_topics, pour
from ops.bench.stock.commands import BEGAN, TENANT, sku_of
from ops.bench.stock.figures import RebuiltFigures
from ops.bench.stock.growing import first_decided, rows_of
from ops.catalog import agent_of
from ops.embedded.child import NotReady
from ops.up.plan import environment
from schemas.settings import Settings
from streams.engine.records import Record

TABLE, READ_MODEL = "the inventory's table, rows", "Redis, availability"
OFFERS, CHANGELOG, OWNER, WRITER = "inventory.availability", "inventory-changelog", "inventory", "project"
FIRST = 0.02  # share of the offers that the projection begins with, before it is measured
READ_S, ANSWER_S, AT_ONCE = 2.0, 300.0, 5_000


def table(ground: Ground, skus: int) -> RebuiltFigures:
    """The inventory's changelog into an empty folder. raises NotPoured"""
    settings = Settings(
        kafka=ground.kafka, environment="bench-rebuild", partitions=ground.partitions, log_level="warning",
        state_dir=ground.folder / "rebuild",
    )  # fmt: skip
    make_topics(settings, OWNER, [])
    pour(settings, changelog(skus))
    plain = _plain(settings, CHANGELOG)
    told = environment(settings, metrics_port=0)
    rebuilt = _told("ops.bench.engines.restoring", str(ground.folder / "rebuilt"), OWNER, env=told)
    return RebuiltFigures(TABLE, rebuilt, plain)


def read_model(ground: Ground, skus: int) -> tuple[RebuiltFigures, float]:
    """All availability into an empty Redis, and what a SKU takes there, bytes. raises NotReady, NotPoured"""
    records, cut = list(offers(skus)), max(1, int(FIRST * skus))
    with redis.Redis.from_url(ground.redis) as client:
        before = _used(client)
        found = alone.measure(ground, Played(agent_of(WRITER), [], records[:cut], records[cut:], []))
        taken = _used(client) - before
    if found.wrong:
        raise NotReady(f"Redis does not hold the last version of {found.wrong} SKUs")
    plain = _plain(Settings(kafka=ground.kafka, environment=f"bench-{WRITER}"), OFFERS)
    return RebuiltFigures(READ_MODEL, found.cost, plain), taken / skus


def changelog(skus: int) -> Iterator[Record]:
    """The rows of so many SKUs, as the engine logs them."""
    for first in range(0, skus, AT_ONCE):
        rows = rows_of(range(first, min(first + AT_ONCE, skus)))
        for number, (key, value) in enumerate(rows.items()):
            yield Record(CHANGELOG, 0, number, BEGAN, key, value, [])


def offers(skus: int) -> Iterator[Record]:
    """What readers are told of so many SKUs: the first one's availability, under their names."""
    pattern = next(out for out in first_decided().published() if out.topic == OFFERS)
    first, value = sku_of(0).encode(), pattern.value or b""
    for number in range(skus):
        own = sku_of(number).encode()
        headers = [(name, told.replace(first, own)) for name, told in pattern.headers]
        yield Record(OFFERS, 0, number, BEGAN, f"{TENANT}|".encode() + own, value.replace(first, own), headers)


def _plain(settings: Settings, topic: str) -> Cost:
    return _told("ops.bench.raw", settings.kafka, str(READ_S), settings.topic(topic))


def _told(module: str, *arguments: str, env: Mapping[str, str] | None = None) -> Cost:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=ANSWER_S, check=True, env=env)
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


def _used(client: redis.Redis) -> int:
    return int(cast(Any, client.info("memory"))["used_memory"])
