"""Proves what readers are told of stock: rebuilt from the log in the shadow, compared SKU by SKU. Writes nothing.

One partition after the other, so that memory is bounded by the largest. What moves meanwhile is compared again, when
the log has been read on; what still moves after ROUNDS is told apart from what is wrong.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from ops.reading import Partition, partitions, told
from ops.stock.comparing import (
    Difference,
    Digests,
    Verdict,
    against_redis,
    against_topic,
    apart,
    apart_in_redis,
    offered,
    seen,
)
from ops.stock.rebuild import Heard, Shadows, fold
from schemas.generated.inventory_v1 import AvailabilityChanged
from schemas.settings import Settings
from schemas.topics import split_key
from streams.engine.records import Record
from streams.project.stock import shown
from tables.redis.values import versioned

FACTS, OFFERS = "inventory.events", "inventory.availability"
ROUNDS = 20
PAUSE_S = 0.5  # between two looks at what moves
Offers = dict[bytes, AvailabilityChanged]
Values = Callable[[Sequence[bytes]], Mapping[bytes, bytes | None]]  # what Redis holds of these record keys


@dataclass(slots=True)
class Result:
    """What was compared, and what differs."""

    skus: int = 0
    facts: int = 0
    offers: int = 0
    seconds: float = 0.0
    moving: int = 0
    topic: Digests = field(default_factory=Digests)
    redis: Digests = field(default_factory=Digests)
    differences: list[Difference] = field(default_factory=list)
    known: set[bytes] = field(default_factory=set)

    @property
    def rate(self) -> float:
        """Records read, decoded and applied or compared per second."""
        return (self.facts + self.offers) / self.seconds if self.seconds else 0.0


class Part:
    """One partition under comparison."""

    def __init__(self, number: int, values: Values | None, result: Result) -> None:
        self.number, self.values, self.result = number, values, result
        self.shadows: Shadows = {}
        self.offers: Offers = {}
        self.open: set[bytes] = set()  # to be compared at the topic
        self.unread: set[bytes] = set()  # to be compared in Redis

    def take(self, facts: Iterable[Record], offers: Iterable[Record], heard: Heard = lambda count: None) -> None:
        """Facts first, then what readers were told by then."""
        first = not self.shadows and not self.offers
        self.result.facts += fold(self.shadows, facts, heard)
        for record in offers:
            self.offers[record.key or b""] = told(record)[1]
            self.result.offers += 1
        if first:
            self.open = self.shadows.keys() | self.offers.keys()
            self.result.skus += len(self.open)
            self.result.known |= self.open

    def compare(self, *, last: bool = False) -> bool:
        """Compare what is open; says whether nothing is left. The last time, what is behind is a difference."""
        for key in sorted(self.open):
            self._at_topic(key, last)
        found = self.values(sorted(self.unread)) if self.values else {}
        for key in sorted(self.unread):
            self._in_redis(key, found.get(key), last)
        return not self.open and not self.unread

    def _at_topic(self, key: bytes, last: bool) -> None:
        tenant, sku = split_key(key.decode(errors="replace"))
        shadow, found = self.shadows.get(key), self.offers.get(key)
        if shadow is None:
            if last:
                self._settle(key, Difference(tenant, sku, "availability", "told, and no fact of it is in the log"))
            return
        expected = offered(sku, shadow)
        verdict = against_topic(expected, found)
        if verdict is Verdict.NEWER or (verdict is Verdict.BEHIND and not last):
            return
        self.result.topic.add(key, seen(expected), seen(found))
        if verdict is Verdict.SAME:
            self._settle(key)
        elif found is None:
            self._settle(key, Difference(tenant, sku, "availability", "never told", dict(expected)))
        else:
            pair = apart(expected, found)
            why = "another value" if verdict is Verdict.DIFFERENT else "a change was never told"
            self._settle(key, Difference(tenant, sku, "availability", why, *pair))

    def _settle(self, key: bytes, difference: Difference | None = None) -> None:
        self.open.discard(key)
        if difference is not None:
            self.result.differences.append(difference)
        if self.values and key in self.offers:
            self.unread.add(key)

    def _in_redis(self, key: bytes, found: bytes | None, last: bool) -> None:
        offer = self.offers[key]
        expected = versioned(offer["version"], shown(offer, self.number))
        verdict = against_redis(expected, found)
        if verdict is Verdict.NEWER or (verdict is Verdict.BEHIND and not last):
            return
        self.unread.discard(key)
        self.result.redis.add(key, expected, found or b"")
        if verdict is not Verdict.SAME:
            why = (
                "another value" if verdict is Verdict.DIFFERENT else "missing" if found is None else "an older version"
            )
            tenant, sku = split_key(key.decode(errors="replace"))
            pair = apart_in_redis(expected, found)
            self.result.differences.append(Difference(tenant, sku, "redis", why, *pair))


def verify(
    settings: Settings, values: Values | None, heard: Callable[[int, int, int], None], pause: Callable[[float], None]
) -> Result:
    """Compare all SKUs of all partitions. raises Failed, TimeoutError

    heard  partition, how many there are, how many facts more
    """
    result, started = Result(), time.monotonic()
    count = partitions(settings, FACTS)
    for number in range(count):
        part = Part(number, values, result)
        with Partition(settings, FACTS, number) as facts, Partition(settings, OFFERS, number) as offers:
            for turn in _rounds(pause):
                part.take(facts.records(), offers.records(), partial(heard, number, count))
                if part.compare(last=turn == ROUNDS):
                    break
        result.moving += len(part.open | part.unread)
    result.seconds = time.monotonic() - started
    return result


def _rounds(pause: Callable[[float], None]) -> Iterator[int]:
    yield 1
    for turn in range(2, ROUNDS + 1):
        pause(PAUSE_S)
        yield turn


def strangers(stood: Iterable[bytes], known: set[bytes]) -> Iterator[Difference]:
    """SKUs that Redis told something of before the log was read, and that the log does not know."""
    for key in sorted(set(stood) - known):
        tenant, sku = split_key(key.decode(errors="replace"))
        yield Difference(tenant, sku, "redis", "told, and no fact of it is in the log")
