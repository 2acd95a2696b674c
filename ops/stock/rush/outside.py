"""What stands outside of wharf's own processes: the log as a plain reader reads it, and the key in Redis that sites read."""

from __future__ import annotations

from collections import defaultdict
from contextlib import ExitStack
from types import TracebackType
from typing import Self, cast

import redis

from ops.chaos.evidence import Entry, entry_of
from ops.chaos.stock_checks import Shelf
from ops.reading import Partition, partitions
from ops.stock.rush.crowd import CHANNEL
from schemas.settings import Settings
from tables.redis import keys
from tables.redis.values import loaded

FACTS = "inventory.events"
ANSWERS = frozenset({"inventory.reserved", "inventory.allocation.failed"})


class Ledger:
    """One SKU's stock, folded from its facts without wharf's own code, and the most that was ever promised of it."""

    def __init__(self) -> None:
        self.shelf, self.most_promised = Shelf(), 0
        self.decided_at: list[int] = []  # the mailbox's times of the questions that were answered, ms

    def tell(self, entry: Entry) -> None:
        """One more fact."""
        if entry.type in ANSWERS:
            self.decided_at.append(entry.record["at"])
        self.shelf.tell(entry)
        self.most_promised = max(self.most_promised, self.shelf.promised)

    @property
    def on_hand(self) -> int:
        """Units counted, less those that left."""
        return self.shelf.supply.total() - self.shelf.shipped.total()

    @property
    def holders(self) -> dict[str, int]:
        """Who holds how many units."""
        found: defaultdict[str, int] = defaultdict(int)
        for (holder, _, _), (reserved, allocated) in self.shelf.rows.items():
            found[holder] += reserved + allocated
        return {holder: units for holder, units in found.items() if units}

    @property
    def held(self) -> int:
        """Units that somebody holds."""
        return sum(self.holders.values())

    @property
    def waiting(self) -> int:
        """Units that somebody queues for."""
        return sum(self.shelf.waiting.values())


class Outside:
    """All SKUs by the log, read_committed, and what Redis says of each. Use as a context manager."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._ended = settings, ExitStack()
        self._redis = redis.Redis.from_url(settings.redis)
        self._parts: list[Partition] = []
        self._ledgers: defaultdict[str, Ledger] = defaultdict(Ledger)

    def ledger(self, sku: str) -> Ledger:
        """A SKU's ledger by what the log holds now. raises Failed, TimeoutError"""
        for part in self._parts:
            for record in part.records():
                entry = entry_of(record)
                self._ledgers[entry.key].tell(entry)
        return self._ledgers[sku]

    def offered(self, sku: str) -> int | None:
        """What Redis says may be sold; None where it says nothing. raises RedisError"""
        name = f"{self._settings.environment}:{keys.availability(self._settings.tenant, sku)}"
        body = loaded(cast("bytes | None", self._redis.get(name)))
        return None if body is None else int(body["channels"].get(CHANNEL, body["default"])["quantity"])

    def __enter__(self) -> Self:
        for number in range(partitions(self._settings, FACTS)):
            self._parts.append(self._ended.enter_context(Partition(self._settings, FACTS, number)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.close()
        self._redis.close()
