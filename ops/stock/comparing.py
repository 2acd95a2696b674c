"""What a SKU should be told as, and what readers are told: compared at one version, or not yet.

The log is read before the topic, and the topic before Redis, so that what a later one has more of is only newer: it is
compared again when the log has been read on. What is behind is given time, too: the markers of one transaction come to
its partitions one by one, and the projection follows. Only another value at the same version is wrong at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from typing import Any

import orjson

from schemas.generated.inventory_v1 import AvailabilityChanged
from tables.inventory.availability import availability, visible
from tables.inventory.shadow import Shadow
from tables.redis.values import canonical, loaded, version_of

WIDTH = 1 << 256


class Verdict(Enum):
    """How a SKU stands at one place."""

    SAME = "same"
    DIFFERENT = "different"
    NEWER = "newer"
    BEHIND = "behind"


@dataclass(frozen=True, slots=True)
class Difference:
    """A SKU whose readers are told something else than its facts make."""

    tenant: str
    sku: str
    where: str  # availability, redis
    why: str
    expected: Any = None
    found: Any = None

    def told(self) -> dict[str, Any]:
        """As JSON."""
        own = {"tenant": self.tenant, "sku": self.sku, "where": self.where, "why": self.why}
        return {**own, "expected": self.expected, "found": self.found}


@dataclass(slots=True)
class Digest:
    """A digest of a set of SKUs, whatever their order: the sum of their SHA-256."""

    total: int = 0

    def add(self, key: bytes, value: bytes) -> None:
        """Take one SKU in."""
        whole = len(key).to_bytes(4) + key + value
        self.total = (self.total + int.from_bytes(sha256(whole).digest())) % WIDTH

    def __str__(self) -> str:
        return f"{self.total:064x}"


@dataclass(slots=True)
class Digests:
    """Two sides that have the same digest where they tell the same of every SKU."""

    expected: Digest = field(default_factory=Digest)
    found: Digest = field(default_factory=Digest)

    def add(self, key: bytes, expected: bytes, found: bytes) -> None:
        """Take one SKU in, as it should be and as it is."""
        self.expected.add(key, expected)
        self.found.add(key, found)


def offered(sku: str, shadow: Shadow) -> AvailabilityChanged:
    """What readers should be told of a rebuilt SKU."""
    return availability(sku, shadow.sku, shadow.rows)


def against_topic(expected: AvailabilityChanged, found: AvailabilityChanged | None) -> Verdict:
    """How the newest record of a SKU stands to its facts; what nobody can see may be older."""
    if found is None:
        return Verdict.BEHIND
    if found["version"] > expected["version"]:
        return Verdict.NEWER
    if found["version"] == expected["version"]:
        return Verdict.SAME if found == expected else Verdict.DIFFERENT
    return Verdict.SAME if visible(found) == visible(expected) else Verdict.BEHIND


def against_redis(expected: bytes, found: bytes | None) -> Verdict:
    """How a value in Redis stands to the newest record, to the byte."""
    if found is None or version_of(found) < version_of(expected):
        return Verdict.BEHIND
    if version_of(found) > version_of(expected):
        return Verdict.NEWER
    return Verdict.SAME if found == expected else Verdict.DIFFERENT


def seen(shown: AvailabilityChanged | None) -> bytes:
    """What a reader can see, as bytes."""
    return canonical(visible(shown)) if shown else b""


def apart(expected: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The members that differ, of both."""
    names = [name for name in {**expected, **found} if expected.get(name) != found.get(name)]
    return {name: expected.get(name) for name in names}, {name: found.get(name) for name in names}


def apart_in_redis(expected: bytes, found: bytes | None) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The members of two values that differ."""
    should = orjson.loads(expected)
    stands = loaded(found)
    return (should, None) if stands is None else apart(should, stands)
