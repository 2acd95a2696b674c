"""The job on Quix Streams 3: exactly once, RocksDB state with a changelog, a commit every 100 ms. One output per event.

Runs in a virtual environment of its own, with the project on its path: only the codec and the job are shared.
"""

from __future__ import annotations

import os
from typing import Any

from quixstreams import Application

from ops.bench.engines.ledger import ROW, booked
from schemas import wire

TOLD = os.environ
COMMIT_S = 0.1


def handle(value: bytes, state: Any) -> bytes:
    """Book one movement."""
    row = booked(state.get("row"), wire.decode(value)[1])
    state.set("row", row)
    return wire.encode(ROW, row)


def main() -> None:
    """Run for ever."""
    app = Application(
        broker_address=TOLD["BENCH_KAFKA"], consumer_group=TOLD["BENCH_GROUP"], auto_offset_reset="earliest",
        state_dir=TOLD["BENCH_STATE"], loglevel="ERROR", processing_guarantee="exactly-once", commit_interval=COMMIT_S,
        consumer_extra_config={"fetch.wait.max.ms": 50, "fetch.queue.backoff.ms": 5},
    )  # fmt: skip
    movements = app.topic(TOLD["BENCH_INPUT"], value_deserializer="bytes", key_deserializer="str")
    availability = app.topic(TOLD["BENCH_OUTPUT"], value_serializer="bytes", key_serializer="str")
    app.dataframe(movements).apply(handle, stateful=True).to_topic(availability)
    app.run()


if __name__ == "__main__":
    main()
