"""What others hold: the subscribers' ledgers, the ERP's journal, Redis, and the log, read without wharf's own code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import redis
from confluent_kafka import Consumer, TopicPartition

Json = dict[str, Any]


def received(path: Path) -> list[Json]:
    """A subscriber's ledger: one JSON object per delivery, in the order of arrival."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def erp_documents(url: str) -> list[Json]:
    """The ERP's own journal of what it committed."""
    answer = httpx.get(f"{url}/ledger", timeout=30)
    answer.raise_for_status()
    found: list[Json] = answer.json()["entries"]
    return found


def feed(gateway: str, key: str, channel: str, view: str, page: int = 500) -> Iterator[Json]:
    """A whole view from its first entry, by HTTP."""
    after = 0
    with httpx.Client(base_url=gateway, headers={"Authorization": f"Bearer {key}"}, timeout=30) as client:
        while True:
            answer = client.get(f"/v1/channels/{channel}/feed", params={"view": view, "after": after, "limit": page})
            answer.raise_for_status()
            found = answer.json()
            yield from found["entries"]
            if not found["entries"]:
                return
            after = found["entries"][-1]["seq"]


def last_values(brokers: str, topic: str) -> dict[str, tuple[bytes, dict[str, bytes]]]:
    """Every record of a topic folded to the last value and headers per key, by a plain read_committed consumer."""
    found: dict[str, tuple[bytes, dict[str, bytes]]] = {}
    for key, value, headers in records(brokers, topic):
        found[key] = (value, headers)
    return found


def records(brokers: str, topic: str) -> Iterator[tuple[str, bytes, dict[str, bytes]]]:
    """Every record of a topic from its beginning to its present end."""
    consumer = Consumer(
        {
            "bootstrap.servers": brokers,
            "group.id": "outside-judge",
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
        }
    )
    try:
        parts = consumer.list_topics(topic, timeout=10).topics[topic].partitions
        ends = {part: consumer.get_watermark_offsets(TopicPartition(topic, part), timeout=10) for part in parts}
        for part, (low, high) in ends.items():
            yield from _partition(consumer, TopicPartition(topic, part, low), high)
    finally:
        consumer.close()


def _partition(consumer: Consumer, start: TopicPartition, high: int) -> Iterator[tuple[str, bytes, dict[str, bytes]]]:
    """Up to the end seen at the start; markers at the very end are passed by the position, not by records."""
    consumer.assign([start])
    quiet = 0
    while quiet < 3 and start.offset < high:
        record = consumer.poll(0.5)
        if record is None:
            quiet += 1
            continue
        if record.error():
            raise RuntimeError(f"{start.topic}/{start.partition}: {record.error()}")
        quiet = 0
        offset = record.offset() or 0
        if offset < high:
            headers = {str(header[0]): _raw(header[1]) for header in record.headers() or []}
            yield _raw(record.key()).decode(), _raw(record.value()), headers
        if offset + 1 >= high:
            return


def _raw(value: str | bytes | None) -> bytes:
    return value.encode() if isinstance(value, str) else value or b""


def redis_values(url: str, pattern: str) -> dict[str, Json]:
    """All JSON strings of Redis whose key matches."""
    client = redis.Redis.from_url(url)
    try:
        keys = list(client.scan_iter(match=pattern, count=1_000))
        values = client.mget(keys) if keys else []
        return {key.decode(): json.loads(value) for key, value in zip(keys, values, strict=True) if value}
    finally:
        client.close()
