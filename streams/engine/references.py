"""Broadcast reference data as rows: `products|SKU`, `partners|ID` and so on, one view per tenant."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Any

import structlog

from schemas import wire
from schemas.loader import names_on
from schemas.topics import read_key
from streams.engine import metrics
from streams.engine.records import Record

log = structlog.get_logger("wharf.engine")


class TenantReferences:
    """One tenant's reference data, as decisions see it."""

    def __init__(self) -> None:
        self._rows: dict[str, Any] = {}
        self._names: list[str] = []  # sorted

    def get(self, name: str) -> Any:
        """The row's record, or None."""
        return self._rows.get(name)

    def scan(self, prefix: str) -> Iterator[tuple[str, Any]]:
        """Rows whose name begins with `prefix`, in the order of their names."""
        for index in range(bisect_left(self._names, prefix), len(self._names)):
            name = self._names[index]
            if not name.startswith(prefix):
                return
            yield name, self._rows[name]

    def put(self, name: str, record: Any) -> None:
        """A newer record of a row; None removes it."""
        known = name in self._rows
        if record is None:
            if known:
                del self._rows[name]
                del self._names[bisect_left(self._names, name)]
            return
        self._rows[name] = record
        if not known:
            insort(self._names, name)


class References:
    """The reference data of all tenants, as far as it was read."""

    def __init__(self) -> None:
        self._tenants: dict[str, TenantReferences] = {}

    def rows(self, tenant: str) -> TenantReferences:
        """A tenant's view."""
        return self._tenants.setdefault(tenant, TenantReferences())

    def take(self, record: Record) -> None:
        """Take a record of a reference topic; one that cannot be read is told and left out: the older version stays.

        It is nobody's to bury, for every reader meets it.
        """
        try:
            self.absorb(record)
        except ValueError as exc:
            metrics.SKIPPED.labels(record.topic).inc()
            log.error("engine.bad-reference", position=record.position, error=repr(exc)[:500])

    def absorb(self, record: Record) -> None:
        """Take a record of a reference topic; raises ValueError where key or body cannot be read."""
        tenant, key = read_key(record.key)
        body = None if record.value is None else wire.decode(record.value, names_on(record.topic))[1]
        self.rows(tenant).put(f"{record.topic.partition('.')[2]}|{key}", body)
