"""A SKU's facts, taken from its one partition and applied in the shadow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ops.exits import Exit, Failed
from ops.reading import Partition, partitions, told
from schemas.envelope import rfc3339
from schemas.settings import Settings
from schemas.topics import key_of
from streams.engine.partitioner import partition_of
from streams.engine.records import Record
from tables.inventory.evidence import Evidence
from tables.inventory.explanation import Explanation, explain, known_channels
from tables.inventory.shadow import Shadow

FACTS = "inventory.events"


@dataclass(frozen=True, slots=True)
class Replayed:
    """A SKU as its facts made it by a moment, and when the first and the last of them were."""

    shadow: Shadow
    first: int
    last: int


def replay(settings: Settings, sku: str, until: int | None = None) -> Replayed:
    """The SKU by its facts, up to a moment of the log's own time (ms). raises Failed, TimeoutError"""
    key = key_of(settings.tenant, sku).encode()
    number = partition_of(key, partitions(settings, FACTS))
    with Partition(settings, FACTS, number) as partition:
        return folded(sku, key, partition.records(), until)


def folded(sku: str, key: bytes, records: Iterable[Record], until: int | None) -> Replayed:
    """The facts of one key, applied in their order. Cost: O(records), of which the key's own are decoded. raises Failed"""
    shadow, times, first = Shadow(Evidence()), list[int](), None
    for record in records:
        if record.key == key:
            first = record.timestamp if first is None else first
            if until is None or record.timestamp <= until:
                shadow.take(*told(record))
                times.append(record.timestamp)
    if first is None:
        raise Failed(Exit.BAD_DATA, f"nothing was ever reported of {sku}: is it spelt right, is the tenant?")
    if not times:
        raise Failed(Exit.BAD_DATA, f"nothing was known of {sku} then: its first fact is of {rfc3339(first)}")
    return Replayed(shadow, first, times[-1])


def explained(sku: str, replayed: Replayed, channel: str) -> Explanation:
    """What a channel is offered and why. raises Failed where nobody knows the channel, DoesNotAddUp"""
    shadow = replayed.shadow
    known = known_channels(shadow.sku, shadow.evidence or Evidence())
    if channel and channel not in known:
        raise Failed(
            Exit.BAD_DATA,
            f"{sku} knows no channel {channel}, only {', '.join(sorted(known)) or 'none'}; "
            "without --channel it is told what any other channel is offered",
        )
    return explain(sku, shadow, channel)
