"""A played day's records onto real topics, as they are: keys, bytes, headers and times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from confluent_kafka import Producer

from ops.topics.apply import Broker
from ops.topics.wanted import Wanted, wanted
from schemas.settings import Settings
from streams.engine.kafka import producer_config
from streams.engine.records import Record

FLUSH_S = 60.0
# the day is played in the future, so that no timer of the wall clock meddles; its times are kept
OWN_TIMES = {"message.timestamp.type": "CreateTime", "message.timestamp.after.max.ms": str(2**63 - 1)}


class NotPoured(RuntimeError):
    """The broker did not take all records in time."""


def make_topics(settings: Settings, agent: str, names: Iterable[str]) -> None:
    """Create these topics and the agent's changelog, with the records' own times."""
    needed = {settings.topic(name) for name in (*names, f"{agent}-changelog")}
    found = [topic for topic in wanted(settings, [agent]) if topic.name in needed]
    Broker(settings.kafka).create([_with_own_times(topic) for topic in found], 1)


def _with_own_times(topic: Wanted) -> Wanted:
    return replace(topic, config={**topic.config, **OWN_TIMES})


def pour(settings: Settings, records: Iterable[Record]) -> int:
    """Write records and return how many; raises NotPoured."""
    producer, count = Producer({**producer_config(settings), "linger.ms": 5}), 0
    for record in records:
        _produce(producer, settings, record)
        count += 1
    if left := producer.flush(FLUSH_S):
        raise NotPoured(f"{left} of {count} records")
    return count


def _produce(producer: Producer, settings: Settings, record: Record) -> None:
    told: dict[str, Any] = {"headers": list(record.headers), "timestamp": record.timestamp}
    while True:
        try:
            producer.produce(settings.topic(record.topic), record.value, record.key, **told)
        except BufferError:
            producer.poll(0.1)
        else:
            return
