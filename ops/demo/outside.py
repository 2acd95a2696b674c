"""What others hold: the ERP's journal, Redis, and the availability topic, read as any client of them would."""

from __future__ import annotations

import io
import threading
from typing import Any

import fastavro
import httpx
import orjson
import redis
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Message, TopicPartition

Json = dict[str, Any]
MAGIC, ID_BYTES = 0, 4  # Confluent's wire format: a zero byte, the schema's id, then Avro
READ_S = 10.0


class Journal:
    """The ERP's own journal of what it committed, read as it grows."""

    def __init__(self, url: str) -> None:
        self.entries: list[Json] = []
        self._http, self._lock = httpx.Client(base_url=url, timeout=READ_S, trust_env=False), threading.Lock()

    def turn(self) -> list[Json]:
        """All that it committed so far, each entry once, whoever asks beside; raises httpx.HTTPError."""
        with self._lock:
            after = self.entries[-1]["seq"] if self.entries else 0
            answer = self._http.get("/ledger", params={"after": after})
            answer.raise_for_status()
            self.entries += orjson.loads(answer.content)["entries"]
            return self.entries


class Cache:
    """Redis, as a commerce site reads it."""

    def __init__(self, url: str, environment: str, tenant: str) -> None:
        self._client = redis.Redis.from_url(url)
        self._prefix = f"{environment}:av:{tenant}:"

    def availability(self, skus: list[str]) -> dict[str, Json]:
        """What may be promised of these products."""
        values = self._client.mget([self._prefix + sku for sku in skus]) if skus else []
        return {sku: orjson.loads(value) for sku, value in zip(skus, values, strict=True) if value}

    def everything(self) -> dict[str, Json]:
        """All products that there are."""
        names = [key.decode().removeprefix(self._prefix) for key in self._client.scan_iter(f"{self._prefix}*", 1_000)]
        return self.availability(names)

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()


class Registry:
    """Schemas by id, asked for once each, as a standard deserialiser does."""

    def __init__(self, gateway: str) -> None:
        self._http = httpx.Client(base_url=gateway, timeout=READ_S, trust_env=False)
        self._known: dict[int, Any] = {}

    def decode(self, value: bytes) -> Json:
        """A record of Confluent's wire format; raises httpx.HTTPError."""
        if value[0] != MAGIC:
            raise ValueError(f"no magic byte: {value[:8].hex()}")
        schema = self._schema(int.from_bytes(value[1 : 1 + ID_BYTES]))
        record = fastavro.schemaless_reader(io.BytesIO(value[1 + ID_BYTES :]), schema, None)
        return record if isinstance(record, dict) else {}

    def _schema(self, number: int) -> Any:
        if number not in self._known:
            answer = self._http.get(f"/registry/schemas/ids/{number}")
            answer.raise_for_status()
            self._known[number] = fastavro.parse_schema(orjson.loads(answer.json()["schema"]))
        return self._known[number]


class Witness:
    """Reads a compacted topic from its beginning on, on a thread of its own, and keeps the last value of each key."""

    def __init__(self, brokers: str, topic: str, registry: Registry) -> None:
        self.values: dict[str, bytes] = {}
        self.read = 0
        self._topic, self._registry = topic, registry
        self._config = {
            "bootstrap.servers": brokers,
            "group.id": "demo-witness",
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "log_level": 2,
        }
        self._ends: dict[int, int] = {}  # partition → offset at which its end was seen last
        self._stop = threading.Event()
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="witness", daemon=True)
        self._thread.start()

    def records(self) -> dict[str, Json]:
        """The last record of each key, the tenant left out; raises what stopped the reading."""
        if self._failure:
            raise self._failure
        return {key.partition("|")[2]: self._registry.decode(value) for key, value in [*self.values.items()]}

    def is_at_the_end(self) -> bool:
        """Whether all that the topic holds at this moment has been read."""
        asker = Consumer(self._config)
        try:
            places = self._places(asker, 0)
            ends = {place.partition: asker.get_watermark_offsets(place, timeout=READ_S)[1] for place in places}
        finally:
            asker.close()
        return all(self._ends.get(part, 0) >= end for part, end in ends.items())

    def close(self) -> None:
        """Stop reading."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        consumer = Consumer(self._config)
        try:
            consumer.assign(self._places(consumer, OFFSET_BEGINNING))
            while not self._stop.is_set():
                self._take(consumer.poll(0.2))
        except KafkaException as exc:
            self._failure = exc
        finally:
            consumer.close()

    def _take(self, found: Message | None) -> None:
        if found is None:
            return
        error = found.error()
        if error is None:
            self.read += 1
            self.values[_text(found.key())] = _raw(found.value())
        elif error.code() == KafkaError._PARTITION_EOF:
            self._ends[int(found.partition() or 0)] = int(found.offset() or 0)
        elif error.fatal():
            raise KafkaException(error)

    def _places(self, consumer: Consumer, offset: int) -> list[TopicPartition]:
        parts = consumer.list_topics(self._topic, timeout=READ_S).topics[self._topic].partitions
        return [TopicPartition(self._topic, part, offset) for part in parts]


def _raw(value: str | bytes | None) -> bytes:
    return value.encode() if isinstance(value, str) else value or b""


def _text(value: str | bytes | None) -> str:
    return _raw(value).decode()
