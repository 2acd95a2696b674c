"""Faults that need no broker to be seen: B to G, and J."""

from __future__ import annotations

import asyncio
from typing import Any

from faust.types import TP, RecordMetadata

from ops.chaos.stock_faust.pretended import LOG, Delivery
from ops.chaos.stock_faust.shown import Shown
from ops.chaos.stock_faust.stage import IN, Stage, nothing, raises_at_4, slow_first


async def in_flight() -> Shown:
    """B."""
    stage = Stage(range(20))
    stage.each(slow_first, concurrency=2)
    await stage.run(lambda: stage.committed == 20)
    saw = f"{len(stage.seen)} processed, offset 0 not; committed {stage.committed}"
    happened = 0 not in stage.seen and (stage.committed or 0) > 0
    return Shown("B", "committed past a record in flight", "commit nothing above offset 0", saw, happened)


async def gaps() -> Shown:
    """C: ten records and one marker per transaction."""
    offsets = [transaction * 11 + index for transaction in range(100) for index in range(10)]
    stage = Stage(offsets)
    stage.each(nothing)
    await stage.run(lambda: len(stage.seen) == len(offsets) and stage.commits(8))
    saw = f"{len(stage.seen)} of {len(offsets)} processed, after 8 commits at {stage.committed}"
    expected = f"commit {offsets[-1] + 1}"
    return Shown("C", "committed offset stays behind on transactional input", expected, saw,
                 len(stage.seen) == len(offsets) and (stage.committed or 0) <= offsets[-1])  # fmt: skip


async def send_fails() -> Shown:
    """D."""
    stage = Stage(range(50))
    out = stage.app.topic("out", value_serializer="raw", key_serializer="raw")

    async def refuse(metadata: RecordMetadata) -> Delivery:
        failed: Delivery = asyncio.get_running_loop().create_future()
        failed.set_exception(RuntimeError("NOT_ENOUGH_REPLICAS"))
        return failed

    LOG.produced = refuse

    async def forward(offset: int) -> None:
        await out.send(key=b"k", value=b"%d" % offset)

    stage.each(forward)
    await stage.run(lambda: stage.committed == 50)
    saw = f"none delivered, committed {stage.committed}"
    return Shown("D", "output lost", "commit nothing", saw, stage.committed == 50)


async def changelog_hangs() -> Shown:
    """E."""
    stage = Stage(range(50))

    async def hang(metadata: RecordMetadata) -> Delivery:
        never: asyncio.Future[Delivery] = asyncio.get_running_loop().create_future()
        return await never

    LOG.produced = hang
    table: Any = stage.app.Table("t", default=int, key_type=bytes, value_type=int)

    async def count(offset: int) -> None:
        table[b"k"] += 1

    stage.each(count)
    await stage.run(lambda: stage.committed == 50)
    producer: Any = stage.app.producer
    saw = f"{producer.buffer.size} of 50 changelog records unsent, committed {stage.committed}"
    return Shown("E", "changelog lost", "commit nothing", saw, stage.committed == 50 and producer.buffer.size > 0)


async def agent_raises() -> Shown:
    """F, with the default supervisor."""
    stage = Stage(range(10))
    stage.each(raises_at_4)
    await stage.run(lambda: stage.committed == 10)
    saw = f"offset 4 raised and is not processed; committed {stage.committed}"
    happened = 4 not in stage.seen and stage.committed == 10
    return Shown("F", "a record that raises is gone", "keep offset 4, or bury it", saw, happened)


async def agent_raises_and_crashes() -> Shown:
    """F, with the supervisor that is said to cure it."""
    stage = Stage(range(12), crashing=True)
    stage.each(raises_at_4)
    await stage.run(lambda: False)
    before = stage.committed
    await _stopped(stage)
    saw = f"committed {before} at the crash, {stage.committed} after the stop"
    return Shown("F", "the same under a crashing supervisor", "stay at 4", saw, stage.committed == 5)


async def batch_raises() -> Shown:
    """G."""
    stage = Stage(range(30))
    stage.batches(10, poison=14)
    await stage.run(lambda: stage.committed == 30)
    lost = 30 - len(stage.seen)
    saw = f"{lost} of 30 gone with the batch, committed {stage.committed}"
    return Shown("G", "a batch that raises is gone", "keep its ten records", saw, lost == 10 and stage.committed == 30)


async def batch_crashes() -> Shown:
    """G, with the crashing supervisor."""
    stage = Stage(range(12), crashing=True)
    stage.batches(3, poison=4)
    await stage.run(lambda: False)
    await _stopped(stage)
    saw = f"{len(stage.seen)} processed, committed {stage.committed}"
    happened = (stage.committed or 0) > len(stage.seen)
    return Shown("G", "shutdown commits what nobody saw", "commit 3", saw, happened)


async def table_offset() -> Shown:
    """J."""
    stage = Stage([])
    written: list[int] = []

    class Store:
        def set_persisted_offset(self, tp: TP, offset: int) -> None:
            written.append(offset)

    tables: Any = stage.app.tables
    tables.persist_offset_on_commit(Store(), TP("shown-t-changelog", 0), 123)
    tables.on_commit({IN: 50})
    saw = f"after the commit {len(tables._pending_persisted_offsets)} still pending, {len(written)} written"
    return Shown("J", "exactly once: a table's offset is never written", "write 123", saw, not written)


async def _stopped(stage: Stage) -> None:
    try:
        await asyncio.wait_for(stage.app.stop(), 10)
    except BaseException:  # noqa: BLE001  the crash itself comes out here
        return
