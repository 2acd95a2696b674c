"""Reads a topic for people: every record decoded, as one JSON object; what cannot be decoded says why."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson
from confluent_kafka import OFFSET_BEGINNING, OFFSET_END, Consumer, KafkaError, KafkaException, Message, TopicPartition

from ops.exits import Exit, Failed
from schemas import wire
from schemas.envelope import BadEnvelope, from_headers, rfc3339
from schemas.guard import WireError
from schemas.settings import Settings
from schemas.topics import split_key
from streams.engine.kafka import reader_config, record_of
from streams.engine.records import Record

TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What to show of a topic."""

    from_start: bool = False
    follow: bool = True  # go on behind the end
    key: str = ""  # only this key, without tenant
    kind: str = ""  # only this CloudEvents type
    limit: int = 0  # 0 = no limit


def records(settings: Settings, topic: str, wish: Wish) -> Iterator[dict[str, Any]]:
    """The decoded records of a topic, partition by partition as they come; raises Failed where there is no such topic."""
    consumer = Consumer(reader_config(settings))
    try:
        shown = 0
        for record in _read(consumer, settings, topic, wish):
            told = decoded(record)
            if _wanted(told, wish):
                yield told
                shown += 1
            if wish.limit and shown >= wish.limit:
                return
    finally:
        consumer.close()


def decoded(record: Record) -> dict[str, Any]:
    """One record as JSON values: position, envelope and data, or the reason why it cannot be read."""
    key = (record.key or b"").decode(errors="replace")
    tenant, own = split_key(key)
    told: dict[str, Any] = {"partition": record.partition, "offset": record.offset, "at": rfc3339(record.timestamp)}
    told |= {"tenant": tenant, "key": own}
    try:
        envelope = from_headers(record.headers)
        told |= {"type": envelope.type, "id": envelope.id, "source": envelope.source, "time": rfc3339(envelope.time)}
        told |= {name: value for name in EXTRAS if (value := getattr(envelope, name))}
        told["data"] = wire.decode(record.value)[1] if record.value else None
    except (BadEnvelope, WireError) as exc:
        told |= {"error": f"{type(exc).__name__}: {exc}", "raw": base64.b64encode(record.value or b"").decode()}
        told["headers"] = {name: value.decode(errors="replace") for name, value in record.headers}
    return told


EXTRAS = ("channel", "correlation", "causation", "receipt")


def line(told: dict[str, Any]) -> str:
    """One JSON line."""
    return orjson.dumps(told, default=_plain).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"no JSON form for {type(value).__name__}")


def _wanted(told: dict[str, Any], wish: Wish) -> bool:
    return wish.key in ("", told["key"]) and wish.kind in ("", told.get("type", ""))


def _read(consumer: Consumer, settings: Settings, topic: str, wish: Wish) -> Iterator[Record]:
    places = _places(consumer, settings.topic(topic), wish.from_start)
    consumer.assign(places)
    names, open_ends = {settings.topic(topic): topic}, {place.partition for place in places}
    while wish.follow or open_ends:
        found = consumer.poll(0.2)
        if found is None:
            continue
        if _is_end(found):
            open_ends.discard(found.partition() or 0)
        else:
            yield record_of(found, names)


def _places(consumer: Consumer, name: str, from_start: bool) -> list[TopicPartition]:
    found = consumer.list_topics(name, timeout=TIMEOUT_S).topics[name]
    if found.error:
        raise Failed(Exit.BAD_DATA, f"topic {name}: {found.error.str()}")
    return [TopicPartition(name, part, OFFSET_BEGINNING if from_start else OFFSET_END) for part in found.partitions]


def _is_end(found: Message) -> bool:
    error = found.error()
    if error is None:
        return False
    if error.code() == KafkaError._PARTITION_EOF:
        return True
    raise KafkaException(error)
