"""The job on stock Faust: aiokafka, a RocksDB table, a changelog, at least once, as its exactly-once mode does not work.

Its rows are JSON, as its tables keep them; its events go through wharf's codec. One output per event.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import faust

from ops.bench.engines.ledger import ROW, booked
from schemas import wire

TOLD = os.environ
PARTITIONS = 4


class Wire(faust.Schema[Any, Any]):
    """wharf's codec, and no registry."""

    def loads_value(self, app: Any, message: Any, **_: Any) -> Any:
        """The record of a message."""
        return wire.decode(message.value)[1]

    def loads_key(self, app: Any, message: Any, **_: Any) -> Any:
        """The key as text."""
        return message.key.decode()


app = faust.App(
    TOLD.get("BENCH_GROUP", "faust"), broker=f"kafka://{TOLD.get('BENCH_KAFKA', '')}", store="rocksdb://",
    datadir=TOLD.get("BENCH_STATE", "faust"), web_enabled=False, topic_disable_leader=True, topic_partitions=PARTITIONS,
    topic_replication_factor=1, table_standby_replicas=0, stream_wait_empty=False, consumer_auto_offset_reset="earliest",
    broker_commit_interval=0.1,
)  # fmt: skip
movements = app.topic(TOLD.get("BENCH_INPUT", "in"), schema=Wire())
availability = app.topic(TOLD.get("BENCH_OUTPUT", "out"), key_serializer="raw", value_serializer="raw")
ledger = app.Table("ledger", key_type=str, partitions=PARTITIONS)


@app.agent(movements)
async def book(stream: Any) -> None:
    """Book movements one by one."""
    async for key, movement in stream.items():
        row = booked(ledger.get(key), movement)
        ledger[key] = row
        await availability.send(key=key.encode(), value=wire.encode(ROW, row))


if __name__ == "__main__":
    sys.argv = [sys.argv[0], "worker", "--loglevel", "error", "--without-web"]
    app.main()
