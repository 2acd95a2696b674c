"""A Faust transport without a broker, `pretended://`: prepared records in, offsets committed, everything deterministic.

Faust believes that it was assigned all partitions of its topics. A partition's records may have any offsets, as
compaction and transaction markers make them.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from faust.assignor.client_assignment import ClientAssignment
from faust.transport import base
from faust.transport.consumer import Consumer as FaustConsumer
from faust.transport.drivers import TRANSPORTS
from faust.transport.producer import Producer as FaustProducer
from faust.types import TP, ConsumerMessage, RecordMetadata

TRANSPORTS.aliases["pretended"] = f"{__name__}:Transport"
POLL = 2_000  # records of a partition handed out at once
NOTHING_S = 0.005


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a pretended partition."""

    offset: int
    value: bytes


Delivery = asyncio.Future[RecordMetadata]


async def delivered(metadata: RecordMetadata) -> Delivery:
    """What becomes of a record that is produced: it is there at once."""
    done: Delivery = asyncio.get_running_loop().create_future()
    done.set_result(metadata)
    return done


class Log:
    """What the pretended broker holds: records by position in a list, so that offsets may have gaps."""

    def __init__(self) -> None:
        self.rows: dict[TP, list[Row]] = {}
        self.partitions: dict[str, int] = {}
        self.produced: Callable[[RecordMetadata], Awaitable[Delivery]] = delivered

    def fill(self, tp: TP, rows: Iterable[Row]) -> None:
        """Put records on a partition."""
        self.rows[tp] = list(rows)
        self.partitions[tp.topic] = max(self.partitions.get(tp.topic, 0), tp.partition + 1)


LOG = Log()


class Consumer(FaustConsumer):
    """Hands out the log's records and notes what is committed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._mine: set[TP] = set()
        self._at: defaultdict[TP, int] = defaultdict(int)
        self.committed_at: dict[TP, int] = {}
        self.commits = 0

    async def subscribe(self, topics: Iterable[str]) -> None:
        """Be assigned every partition of these topics."""
        wanted = {TP(topic, number) for topic in topics for number in range(LOG.partitions.get(topic, 1))}
        if wanted != self._mine:
            self._mine = wanted
            self._assigning = asyncio.ensure_future(self._assign(wanted))

    async def _assign(self, tps: set[TP]) -> None:
        """As a rebalance tells Faust's app."""
        app: Any = self.app
        app.on_rebalance_start()
        app.consumer_generation_id += 1
        actives: defaultdict[str, list[int]] = defaultdict(list)
        for tp in tps:
            actives[tp.topic].append(tp.partition)
        app.assignor._assignment = ClientAssignment(actives=dict(actives), standbys={})
        app.assignor._active_tps = app.assignor._assignment.active_tps
        app.assignor._topic_groups = dict.fromkeys(actives, 0)
        await self.on_partitions_assigned(tps, app.consumer_generation_id)

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Mapping[TP, list[Row]]:
        found = {}
        for tp in active_partitions or ():
            if chunk := LOG.rows.get(tp, [])[self._at[tp] : self._at[tp] + POLL]:
                self._at[tp] += len(chunk)
                found[tp] = chunk
        if not found:
            await asyncio.sleep(NOTHING_S)
        return found

    def _to_message(self, tp: TP, record: Row) -> ConsumerMessage:
        size, generation = len(record.value), self.app.consumer_generation_id
        return ConsumerMessage(
            tp.topic, tp.partition, record.offset, 1.7e9, 0, None, b"k", record.value, None, 1, size, tp,
            generation_id=generation,
        )  # fmt: skip

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        self.committed_at.update(offsets)
        self.commits += 1
        return True

    async def seek_wait(self, partitions: Mapping[TP, int]) -> None:
        """Read on from these offsets."""
        for tp, offset in partitions.items():
            self._at[tp] = offset
            if offset > 0:
                self._read_offset[tp] = offset
            else:
                self._read_offset.pop(tp, None)

    async def _seek(self, partition: TP, offset: int) -> None:
        self._at[partition] = offset

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Read on from what was committed."""
        at = {tp: self.committed_at.get(tp, 0) for tp in self._mine}
        self._at.update(at)
        return at

    def assignment(self) -> set[TP]:
        """What it owns."""
        return set(self._mine)

    def highwater(self, tp: TP) -> int:
        """Where a partition ends."""
        return len(LOG.rows.get(tp, ()))

    async def highwaters(self, *partitions: TP) -> Mapping[TP, int]:
        """Where partitions end."""
        return {tp: self.highwater(tp) for tp in partitions}

    async def earliest_offsets(self, *partitions: TP) -> Mapping[TP, int]:
        """Where partitions begin."""
        return dict.fromkeys(partitions, 0)

    async def position(self, tp: TP) -> int:
        """What is read next."""
        return self._at[tp]

    def topic_partitions(self, topic: str) -> int:
        """How many partitions a topic has."""
        return LOG.partitions.get(topic, 1)

    def _new_topicpartition(self, topic: str, partition: int) -> TP:
        return TP(topic, partition)

    def key_partition(self, topic: str, key: bytes | None, partition: int | None = None) -> int:
        """Everything is in the first."""
        return partition or 0

    async def create_topic(self, *args: Any, **kwargs: Any) -> None:
        """Topics are there."""


class Producer(FaustProducer):
    """Numbers what is produced, and leaves the rest to the log."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ends: defaultdict[TP, int] = defaultdict(int)

    async def send(
        self, topic: str, key: Any, value: Any, partition: int | None, timestamp: Any, headers: Any, **kwargs: Any
    ) -> Delivery:
        """As the log says."""
        tp = TP(topic, partition or 0)
        offset, self._ends[tp] = self._ends[tp], self._ends[tp] + 1
        return await LOG.produced(RecordMetadata(topic, tp.partition, tp, offset))

    async def send_and_wait(self, *args: Any, **kwargs: Any) -> RecordMetadata:
        """Where it stands."""
        return await (await self.send(*args, **kwargs))

    async def flush(self) -> None:
        """Send what is buffered."""
        await self.buffer.flush()

    def key_partition(self, topic: str, key: bytes) -> TP:
        """Everything is in the first."""
        return TP(topic, 0)

    async def create_topic(self, *args: Any, **kwargs: Any) -> None:
        """Topics are there."""

    def supports_headers(self) -> bool:
        """As Kafka does."""
        return True


class Transport(base.Transport):
    """The pretended broker."""

    Consumer = Consumer
    Producer = Producer
    default_port = 0
    driver_version = "pretended"
