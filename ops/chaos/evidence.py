"""What an outside judge holds: the log as a plain consumer reads it, and the ledgers of those on the other side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ops.chaos.market import Order
from schemas import wire
from schemas.envelope import from_headers
from schemas.topics import split_key
from streams.engine.records import Record

Json = Mapping[str, Any]
READ = frozenset({"orders.events", "inventory.events", "inventory.availability", "channels.feed"})


class Entry(NamedTuple):
    """One committed record."""

    topic: str
    partition: int
    offset: int
    key: str  # without tenant
    id: str
    type: str
    source: str  # who made it, such as wharf/orders
    causation: str
    record: Any  # decoded where the judge reads the topic, else None


class Put(NamedTuple):
    """A bad record that was put into the log on purpose."""

    position: tuple[str, int, int]
    name: str
    error: str  # what every reader has to call it
    key: bytes | None
    sha256: str


class Violation(NamedTuple):
    """A broken promise: which, and what shows it."""

    invariant: str
    shown: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.shown}"


@dataclass(frozen=True)
class Evidence:
    """Everything a verdict may be based on."""

    asked: Mapping[str, Order] = field(default_factory=dict)  # orders answered with 202, by order id
    supply: Mapping[str, int] = field(default_factory=dict)  # all units that were ever counted or received, by SKU
    log: Mapping[str, Sequence[Entry]] = field(default_factory=dict)  # by topic; per partition in the order of the log
    erp: Sequence[Json] = ()  # the ERP's journal
    heard: Mapping[str, Sequence[Json]] = field(default_factory=dict)  # deliveries that were believed, by view
    cache: Mapping[str, Json] = field(default_factory=dict)  # Redis' availability, by SKU
    shipped: Mapping[str, int] = field(default_factory=dict)  # units the warehouses sent, by SKU
    refused: Mapping[str, Sequence[Json]] = field(default_factory=dict)  # deliveries that were not believed, by view
    poisons: Sequence[Put] = ()  # bad records that were put into the log
    dead: Sequence[
        Record
    ] = ()  # of the dead-letter topics, as they stand there; read by nobody but the judge of poison
    oddities: Sequence[str] = ()  # what those who watched the log and Redis saw, and never should have

    def of(self, topic: str) -> Sequence[Entry]:
        """A topic's records."""
        return self.log.get(topic, ())


Check = Callable[[Evidence], Iterator[str]]


def judged(evidence: Evidence, checks: Mapping[str, Check]) -> list[Violation]:
    """What contradicts each of these sentences."""
    return [Violation(sentence, shown) for sentence, check in checks.items() for shown in check(evidence)]


def entry_of(record: Record) -> Entry:
    """One record, decoded where the judge reads its topic."""
    envelope, key = from_headers(record.headers), split_key((record.key or b"").decode())[1]
    body = wire.decode(record.value)[1] if record.topic in READ and record.value else None
    return Entry(
        record.topic, record.partition, record.offset, key,
        envelope.id, envelope.type, envelope.source, envelope.causation, body,
    )  # fmt: skip


def by_topic(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Records by topic, each partition's in the order of the log."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.topic, []).append(entry)
    for of_topic in found.values():
        of_topic.sort(key=lambda entry: (entry.partition, entry.offset))
    return found


def by_key(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Records by key, in the order of the log."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.key, []).append(entry)
    return found
