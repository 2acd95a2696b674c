"""The yardstick: a plain confluent-kafka consumer that reads records and does nothing with them.

    python -m ops.bench.raw BOOTSTRAP SECONDS TOPIC…

reads the topics again and again for about so long and prints one JSON line: events, seconds, cpu_s.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import uuid
from collections.abc import Sequence

from confluent_kafka import Consumer, KafkaError, TopicPartition

CHUNK = 2_000


def consumer(bootstrap: str) -> Consumer:
    """As the engine's own, without a group's life."""
    return Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": f"raw-{uuid.uuid4().hex}",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "isolation.level": "read_committed",
            "auto.offset.reset": "earliest",
            "fetch.wait.max.ms": 50,
            "fetch.queue.backoff.ms": 5,
        }
    )


def read_once(reader: Consumer, parts: Sequence[TopicPartition]) -> int:
    """All records of these partitions from their beginning; returns how many."""
    reader.assign(list(parts))
    events, ended = 0, 0
    while ended < len(parts):
        first = reader.poll(0.5)
        for message in [] if first is None else [first, *reader.consume(CHUNK - 1, 0)]:
            error = message.error()
            if error is None:
                events += 1
            elif error.code() == KafkaError._PARTITION_EOF:
                ended += 1
    return events


def used_s() -> float:
    """CPU of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main(arguments: Sequence[str]) -> None:
    """Read for a while, tell once."""
    bootstrap, seconds, topics = arguments[0], float(arguments[1]), arguments[2:]
    reader = consumer(bootstrap)
    known = reader.list_topics(timeout=10).topics
    parts = [TopicPartition(topic, number, 0) for topic in topics for number in known[topic].partitions]
    read_once(reader, parts)  # connections, metadata, first touch
    events, at, used = 0, time.perf_counter(), used_s()
    while (spent := time.perf_counter() - at) < seconds:
        events += read_once(reader, parts)
    print(json.dumps({"events": events, "seconds": spent, "cpu_s": used_s() - used}), flush=True)
    reader.close()


if __name__ == "__main__":
    main(sys.argv[1:])
