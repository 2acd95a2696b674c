"""The thin loop: confluent-kafka and RocksDB in one file, a transaction per batch; the least that Python can do.

    python -m ops.bench.engines.thin

It has wharf's codec and durable state and is exactly once while nothing goes wrong; it has no envelopes, dead letters,
timers, restore, fencing of stores or health. What wharf's engine costs more than this, those cost.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import rocksdict
from confluent_kafka import Consumer, Producer, TopicPartition

from ops.bench.engines.ledger import ROW, booked
from schemas import wire
from schemas.generated.inventory_v1 import AvailabilityChanged
from streams.engine import memory

TOLD = os.environ
BATCH, ANSWER_S = 2_000, 30.0
CONSUMER = {
    "auto.offset.reset": "earliest", "enable.auto.commit": False, "isolation.level": "read_committed",
    "fetch.wait.max.ms": 50, "fetch.queue.backoff.ms": 5, "queued.min.messages": 50_000,
    "queued.max.messages.kbytes": 65_536,
}  # fmt: skip
PRODUCER = {
    "batch.size": 131_072, "batch.num.messages": 10_000, "queue.buffering.max.messages": 1_000_000,
    "delivery.report.only.error": True, "retry.backoff.ms": 1, "retry.backoff.max.ms": 100,
}  # fmt: skip


class Loop:
    """Poll, book, and once in a while one transaction; then RocksDB."""

    def __init__(self, commit_s: float) -> None:
        server, group = {"bootstrap.servers": TOLD["BENCH_KAFKA"]}, TOLD["BENCH_GROUP"]
        self._commit_s = commit_s
        self._consumer = Consumer({**server, **CONSUMER, "group.id": group})
        self._producer = Producer({**server, **PRODUCER, "transactional.id": group, "linger.ms": min(5, commit_s * 50)})
        self._rows: dict[bytes, AvailabilityChanged] = {}
        self._touched: dict[bytes, int] = {}
        self._offsets: dict[int, int] = {}
        self._stores: dict[int, rocksdict.Rdict] = {}

    def run(self) -> None:
        """For ever."""
        self._producer.init_transactions(ANSWER_S)
        self._consumer.subscribe([TOLD["BENCH_INPUT"]])
        due = time.perf_counter()
        while True:
            first = self._consumer.consume(1, max(0.0, due - time.perf_counter()) if self._touched else 0.05)
            if first:
                if not self._touched:
                    due = max(due, time.perf_counter() + min(self._commit_s, 0.01))
                self._book(first + self._consumer.consume(BATCH, 0))
            if self._touched and time.perf_counter() >= due:
                self._commit()
                due = time.perf_counter() + self._commit_s

    def _book(self, messages: list[Any]) -> None:
        for message in messages:
            key, partition = message.key(), message.partition()
            row = self._rows.get(key) or self._stored(partition, key)
            self._rows[key] = booked(row, wire.decode(message.value())[1])
            self._touched[key] = partition
            self._offsets[partition] = message.offset() + 1

    def _stored(self, partition: int, key: bytes) -> AvailabilityChanged | None:
        raw = self._store(partition).get(key)
        return None if raw is None else wire.decode(raw)[1]

    def _store(self, partition: int) -> rocksdict.Rdict:
        if partition not in self._stores:
            options = rocksdict.Options(raw_mode=True)
            options.create_if_missing(True)
            path = Path(TOLD["BENCH_STATE"], str(partition))
            path.parent.mkdir(parents=True, exist_ok=True)
            self._stores[partition] = rocksdict.Rdict(str(path), options=options)
        return self._stores[partition]

    def _commit(self) -> None:
        """The row is the record: encoded once, written three times."""
        batches = {partition: rocksdict.WriteBatch(raw_mode=True) for partition in self._offsets}
        self._producer.begin_transaction()
        produce, output, changelog = self._producer.produce, TOLD["BENCH_OUTPUT"], TOLD["BENCH_CHANGELOG"]
        for key, partition in self._touched.items():
            value = wire.encode(ROW, self._rows[key])
            produce(changelog, value, key, partition)
            produce(output, value, key, partition)
            batches[partition].put(key, value)
        reached = [TopicPartition(TOLD["BENCH_INPUT"], partition, at) for partition, at in self._offsets.items()]
        self._producer.send_offsets_to_transaction(reached, self._consumer.consumer_group_metadata(), ANSWER_S)
        self._producer.commit_transaction(ANSWER_S)
        for partition, batch in batches.items():
            self._store(partition).write(batch)
        self._touched, self._offsets = {}, {}


if __name__ == "__main__":
    memory.settle()
    Loop(float(TOLD.get("BENCH_COMMIT_MS", "100")) / 1000).run()
