"""What Redis tells of stock, read as it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import redis

from schemas.settings import Settings
from schemas.topics import key_of, split_key
from tables.redis import keys

AT_ONCE = 1_000


class Cache:
    """The availability read model of one environment. Only reads. raises RedisError"""

    def __init__(self, settings: Settings) -> None:
        self._client = redis.Redis.from_url(settings.redis, socket_timeout=10.0, socket_connect_timeout=5.0)
        self._prefix = f"{settings.environment}:"

    def values(self, record_keys: Sequence[bytes]) -> Mapping[bytes, bytes | None]:
        """The values of SKUs, by their key in the log; each batch is one call."""
        found: dict[bytes, bytes | None] = {}
        for start in range(0, len(record_keys), AT_ONCE):
            some = record_keys[start : start + AT_ONCE]
            names = [self._prefix + keys.availability(*split_key(key.decode())) for key in some]
            found |= zip(some, cast("list[bytes | None]", self._client.mget(names)), strict=True)
        return found

    def known(self) -> Iterator[bytes]:
        """The keys in the log of all SKUs that stand here. Cost: one SCAN over the whole of Redis."""
        start = f"{self._prefix}av:"
        for name in self._client.scan_iter(match=f"{start}*", count=AT_ONCE):
            tenant, _, sku = name.decode()[len(start) :].partition(":")
            yield key_of(tenant, sku).encode()

    def close(self) -> None:
        """Give the connection back."""
        self._client.close()
