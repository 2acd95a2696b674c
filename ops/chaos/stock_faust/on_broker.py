"""Faults that need a broker to be seen, on the embedded one: A, H and I."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import faust
from aiokafka.consumer import group_coordinator
from aiokafka.errors import KafkaError
from confluent_kafka import Consumer, Producer, TopicPartition

from ops.chaos.stock_faust.shown import Shown
from ops.embedded.broker import PARTITIONS, Broker
from ops.embedded.child import Child

ZOMBIE_S = 12.0
STALL_S = 0.5
CHANGELOG = "counting-t-changelog"
KEYS = 100


@contextmanager
def broker(records: int, *others: str) -> Iterator[tuple[Broker, Path]]:
    """An embedded broker with so many records on `in`."""
    folder = Path(tempfile.mkdtemp(prefix="stock-faust-"))
    made = Broker(folder)
    made.start()
    try:
        _fill(made.bootstrap, records, others)
        yield made, folder
    finally:
        made.stop()


def _fill(bootstrap: str, records: int, others: tuple[str, ...]) -> None:
    producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 20, "queue.buffering.max.messages": 1_000_000})
    for name in ("in", *others):
        producer.list_topics(name, timeout=10)
    for number in range(records):
        producer.produce("in", b"x", partition=number % PARTITIONS)
        if not number % 500:
            producer.poll(0)
    if producer.flush(30):
        raise RuntimeError("the embedded broker did not take every record")


def made_app(name: str, bootstrap: str, folder: Path, **more: Any) -> faust.App:
    """An ordinary Faust app."""
    return faust.App(
        name, broker=f"kafka://{bootstrap}", datadir=str(folder / "data"), web_enabled=False, topic_allow_declare=False,
        topic_disable_leader=True, topic_partitions=PARTITIONS, table_standby_replicas=0, **more,
    )  # fmt: skip


def source(app: faust.App) -> Any:
    """The topic that it reads, as bytes."""
    return app.topic("in", value_type=bytes, key_type=bytes, value_serializer="raw", key_serializer="raw")


async def zombie() -> Shown:
    """A: one error of the group's coordinator, and nothing is consumed any more."""
    joins, seen = itertools.count(1), list[int]()
    real = group_coordinator.GroupCoordinator._do_rejoin_group

    async def fails_once(self: Any, subscription: Any) -> Any:
        if next(joins) == 1:
            raise KafkaError("injected: an unexpected error of SyncGroup")
        return await real(self, subscription)

    group_coordinator.GroupCoordinator._do_rejoin_group = fails_once
    with broker(4_000) as (server, folder):
        app = made_app("zombie", server.bootstrap, folder, store="memory://")

        @app.agent(source(app))
        async def agent(stream: Any) -> None:
            async for event in stream.events():
                seen.append(event.message.offset)

        starting = asyncio.ensure_future(app.start())
        await asyncio.sleep(ZOMBIE_S)  # how long nothing happens is what is shown
        crashed = bool(app.crashed)
        starting.cancel()
    saw = f"{len(seen)} of 4,000 processed after {ZOMBIE_S:.0f} s, crashed: {crashed}"
    return Shown("A", "silent zombie", "go on, or crash", saw, not seen and not crashed)


async def stall() -> Shown:
    """I: under backlog an agent that awaits waits for a second at a time."""
    times: list[float] = []
    count = 40_000
    with broker(count) as (server, folder):
        app = made_app("stall", server.bootstrap, folder, store="memory://", stream_wait_empty=False)

        @app.agent(source(app))
        async def agent(stream: Any) -> None:
            async for _ in stream:
                for _ in range(3):  # what any awaiting body does: give the loop back
                    await asyncio.sleep(0)
                times.append(time.perf_counter())

        await app.start()
        deadline = time.monotonic() + 60
        while len(times) < count and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    stalls = [gap for gap in gaps if gap > STALL_S]
    saw = (
        f"{len(times):,} of {count:,} processed, {len(stalls)} gaps above {STALL_S} s, longest {max(gaps) * 1e3:.0f} ms"
    )
    return Shown("I", "one-second stalls under backlog", "no gap under backlog", saw, bool(stalls))


async def double_count() -> Shown:
    """H: a table counts records twice when the worker is killed."""
    messages, kill_at = 60_000, 20_000
    with broker(messages, CHANGELOG) as (server, folder):
        first = _worker(server.bootstrap, folder, "first")
        _wait_until(lambda: _logged(server.bootstrap) >= kill_at, 60)
        first.kill()
        middle = _counted(server.bootstrap)
        second = _worker(server.bootstrap, folder, "second")
        _wait_until(lambda: _counted(server.bootstrap) > middle, 60)
        now, last = middle, -1
        while now != last:
            last = now
            await asyncio.sleep(3)
            now = _counted(server.bootstrap)
        second.kill()
    saw = f"{messages:,} messages counted as {now:,} after one SIGKILL"
    return Shown("H", "a table counts twice after a crash", f"{messages:,}", saw, now != messages)


def counting(bootstrap: str, folder: Path) -> faust.App:
    """A table on RocksDB that counts, at least once."""
    app = made_app("counting", bootstrap, folder, store="rocksdb://", broker_session_timeout=6.0,
                   broker_heartbeat_interval=1.0, producer_linger=0.02)  # fmt: skip
    table: Any = app.Table("t", default=int, key_type=str, value_type=int)

    @app.agent(source(app))
    async def count(stream: Any) -> None:
        async for event in stream.events():
            table[f"k{event.message.offset % KEYS}"] += 1

    return app


def _worker(bootstrap: str, folder: Path, name: str) -> Child:
    env = {**os.environ, "STOCK_FAUST_KAFKA": bootstrap, "STOCK_FAUST_FOLDER": str(folder)}
    command = [
        sys.executable,
        "-m",
        "faust",
        "-A",
        "ops.chaos.stock_faust.counting",
        "worker",
        "-l",
        "error",
        "--without-web",
    ]
    return Child(command, folder / f"{name}.log", env)


def _logged(bootstrap: str) -> int:
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "watermarks"})
    found = sum(consumer.get_watermark_offsets(TopicPartition(CHANGELOG, part))[1] for part in range(PARTITIONS))
    consumer.close()
    return int(found)


def _counted(bootstrap: str) -> int:
    """The sum of the table, read from its changelog: of every key the last value."""
    config = {"bootstrap.servers": bootstrap, "group.id": "reader", "auto.offset.reset": "earliest"}
    consumer, last, idle = Consumer(config), dict[tuple[int | None, bytes | None], int](), 0
    consumer.assign([TopicPartition(CHANGELOG, part, 0) for part in range(PARTITIONS)])
    while idle < 2:
        messages = consumer.consume(5_000, 0.5)
        idle = 0 if messages else idle + 1
        last |= {
            (one.partition(), one.key()): int(json.loads(one.value() or b"0")) for one in messages if not one.error()
        }
    consumer.close()
    return sum(last.values())


def _wait_until(holds: Any, within_s: float) -> None:
    deadline = time.monotonic() + within_s
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
