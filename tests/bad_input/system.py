"""The whole of wharf as a stranger runs it, with a producer that puts anything onto any topic, and a reader of dead letters."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, Producer, TopicPartition

from ops.chaos.poison import Poison
from ops.topics.wanted import LARGEST_RECORD
from tests.bad_input.quay import REFERENCES, order
from tests.support.up import Up, up

T = TypeVar("T")
PROMPT_S = 10.0  # within so long a good order is through, whatever else is in the log
PATIENCE_S = 60.0
STOCK = "100000"
ENVIRONMENT = "dev"


def until(ask: Callable[[], T], holds: Callable[[T], bool], within_s: float = PATIENCE_S) -> T:
    """What is answered once it holds."""
    deadline = time.monotonic() + within_s
    while not holds(answer := ask()):
        assert time.monotonic() < deadline, answer
        threading.Event().wait(0.02)
    return answer


@dataclass
class System:
    """A running system and a client of it."""

    up: Up
    client: httpx.Client
    producer: Producer
    pids: set[int] = field(default_factory=set)
    placed: int = 0

    def stocked(self) -> None:
        """Reference data and plenty of stock."""
        for path, body in REFERENCES.items():
            assert self.client.put(f"/v1/reference/{path}", json=body).status_code == 202
        for sku in ("A", "B", "M"):
            count = {"kind": "counted", "source": "wms1", "event_id": f"c-{sku}", "as_of": "2026-03-02T08:00:00Z"}
            body = {**count, "sku": sku, "location": "DC1", "quantity": STOCK}
            assert self.client.post("/v1/inventory/events", json=body).status_code == 202
        self.through(self.good(), PATIENCE_S)
        self.pids = self.running()

    def running(self) -> set[int]:
        """The processes that there are."""
        return {child.pid for child in self.up.children()}

    def good(self) -> str:
        """A good order under a key of its own; returns where it can be read."""
        self.placed += 1
        number = f"G-{self.placed}"
        answer = self.client.post("/v1/orders", json=order(number), headers={"Idempotency-Key": number})
        assert answer.status_code == 202, answer.text
        return str(answer.json()["status_url"])

    def through(self, url: str, within_s: float = PROMPT_S) -> Any:
        """The order, once it is reserved, posted and released."""
        return until(lambda: self.client.get(url).json(), lambda seen: seen.get("status") == "released", within_s)

    def receipt(self, receipt: str) -> Any:
        """The receipt, once it is decided."""
        decided = ("accepted", "rejected", "dead")
        return until(lambda: self.client.get(f"/v1/receipts/{receipt}").json(), lambda one: one.get("state") in decided)

    def put(self, topic: str, *poisons: Poison) -> None:
        """Raw records, acknowledged by the broker."""
        failed: list[KafkaError] = []
        for one in poisons:
            self.producer.produce(
                f"{ENVIRONMENT}.{topic}", one.value, one.key, headers=[*one.headers],
                on_delivery=lambda error, _: failed.append(error) if error else None,
            )  # fmt: skip
        assert self.producer.flush(30) == 0 and failed == []

    def letters(self, topic: str) -> list[dict[str, str]]:
        """The provenance of every dead letter of a topic."""
        consumer = Consumer(
            {"bootstrap.servers": self.up.ready["kafka"], "group.id": "letters", "enable.partition.eof": True}
        )
        try:
            return list(_letters(consumer, f"{ENVIRONMENT}.{topic}.dead"))
        finally:
            consumer.close()

    def counted(self, program: str, metric: str, topic: str) -> float:
        """A counter of one of the processes, by topic."""
        text = httpx.get(f"{self._metrics_of(program)}/metrics").text
        found = [line for line in text.splitlines() if line.startswith(f'{metric}_total{{topic="{topic}"}}')]
        return float(found[0].rpartition(" ")[2]) if found else 0.0

    def _metrics_of(self, program: str) -> str:
        if program == "gateway":
            return self.up.gateway
        process = next(child for child in self.up.children() if program in child.cmdline())
        return f"http://127.0.0.1:{process.environ()['WHARF_METRICS_PORT']}"


@contextmanager
def running(folder: Path) -> Iterator[System]:
    """The embedded default, stocked."""
    with up(folder) as started, started.client() as client:
        config = {
            "bootstrap.servers": started.ready["kafka"], "message.max.bytes": LARGEST_RECORD,
            "partitioner": "murmur2_random",  # beside the records of the same key
        }  # fmt: skip
        system = System(started, client, Producer(config))
        system.stocked()
        yield system


def _letters(consumer: Consumer, topic: str) -> Iterator[dict[str, str]]:
    partitions = consumer.list_topics(topic, timeout=10).topics[topic].partitions
    consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in partitions])
    behind = set(partitions)
    while behind:
        found = consumer.poll(PROMPT_S)
        assert found is not None, f"{topic} cannot be read"
        error = found.error()
        if error is None:
            headers: Any = found.headers() or []
            yield {name: value.decode(errors="replace") for name, value in headers}
        elif error.code() == KafkaError._PARTITION_EOF:
            behind.discard(int(found.partition() or 0))
        else:
            raise AssertionError(error.str())
