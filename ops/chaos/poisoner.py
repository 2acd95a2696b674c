"""Puts bad records straight into the topics, and keeps a ledger of where each came to stand."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from functools import cache

from confluent_kafka import KafkaError, Message, Producer

from ops import catalog
from ops.chaos import poison
from ops.chaos.deadly import HEADER
from ops.chaos.evidence import Put
from schemas.settings import Settings
from schemas.topics import TOPICS

DOORS = {"erp.attempts": "erp", "feeds.attempts": "deliver"}
DEADLY = {
    "orders.commands": "orders", "inventory.commands": "inventory", "shipments.commands": "shipments",
    "bundles.commands": "bundles",
    "erp.commands": "post", "feeds.commands": "feeds",
}  # fmt: skip
LARGE = 1 << 19  # bytes: of poison above it there is one for each twenty others
SEND_S = 30.0
Position = tuple[str, int, int]


@cache
def readers(topic: str) -> tuple[str, ...]:
    """Agents and doors that read a topic, and bury what they cannot read."""
    agents = tuple(name for name in catalog.AGENTS if topic in catalog.agent_of(name).reads)
    return (*agents, DOORS[topic]) if topic in DOORS else agents


@cache
def choice(topic: str) -> tuple[list[poison.Poison], list[poison.Poison]]:
    """Small and large poison for a topic."""
    all_of = list(poison.of(topic))
    small = [one for one in all_of if len(one.value or b"") < LARGE]
    return small, [one for one in all_of if one not in small]


class Poisoner:
    """One campaign's poison, drawn from its seed."""

    def __init__(self, settings: Settings, seed: int) -> None:
        self._settings, self._chance = settings, random.Random(f"poison {seed}")
        self._topics = [topic for topic in TOPICS if readers(topic)]
        self._producer = Producer(
            {
                "bootstrap.servers": settings.kafka,
                "message.max.bytes": 4 << 20,
                "enable.idempotence": True,
                "log_level": 0,
            }
        )
        self.put_so_far: list[Put] = []
        self.deadly: list[Put] = []
        self.refused: Counter[str] = Counter()  # by topic: what the broker did not take

    @property
    def positions(self) -> set[Position]:
        """Where bad records stand."""
        return {one.position for one in (*self.put_so_far, *self.deadly)}

    def put(self, count: int) -> str:
        """So many records of any kind into any topics; returns the topics."""
        struck = set()
        for _ in range(count):
            topic = self._chance.choice(self._topics)
            small, large = choice(topic)
            one = self._chance.choice(large if large and self._chance.random() < 0.05 else small)
            self._send(topic, one, self.put_so_far)
            struck.add(topic)
        self._producer.flush(SEND_S)
        return ", ".join(sorted(struck))

    def put_deadly(self) -> tuple[str, Position | None]:
        """A record that ends whoever decodes it; returns its reader, and where it stands unless the broker refused it."""
        topic = self._chance.choice(sorted(DEADLY))
        body = self._chance.randbytes(40)
        one = poison.Poison("deadly", b"acme|deadly", body, [(HEADER, b"1")], "WorkerDied", None)
        before = len(self.deadly)
        self._send(topic, one, self.deadly)
        self._producer.flush(SEND_S)
        return DEADLY[topic], self.deadly[-1].position if len(self.deadly) > before else None

    def _send(self, topic: str, one: poison.Poison, ledger: list[Put]) -> None:
        def delivered(error: KafkaError | None, message: Message) -> None:
            if error is not None:
                self.refused[topic] += 1
                return
            position = (topic, message.partition() or 0, message.offset() or 0)
            ledger.append(Put(position, one.name, one.error, one.key, digest(one.value)))

        headers: list[tuple[str, str | bytes | None]] = [*one.headers]
        self._producer.produce(self._settings.topic(topic), one.value, one.key, headers=headers, on_delivery=delivered)


def digest(value: bytes | None) -> str:
    """SHA-256 of a record's bytes."""
    return hashlib.sha256(value or b"").hexdigest()
