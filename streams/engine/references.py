"""Broadcast reference data as rows: `products|SKU`, `partners|ID` and so on, one view per tenant.

What a schema calls indexed has rows by its value beside them: `products.gtin|00614141000012|SKU`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import structlog
from sortedcontainers import SortedDict

from schemas import wire
from schemas.loader import indexed_on, names_on
from schemas.topics import read_key
from streams.engine import metrics
from streams.engine.records import Record

log = structlog.get_logger("wharf.engine")


class TenantReferences:
    """One tenant's reference data, as decisions see it, in the order of its names."""

    def __init__(self) -> None:
        self._rows: SortedDict[str, Any] = SortedDict()

    def get(self, name: str) -> Any:
        """The row's record, or None."""
        return self._rows.get(name)

    def scan(self, prefix: str) -> Iterator[tuple[str, Any]]:
        """Rows whose name begins with `prefix`, in the order of their names. Cost: O(log n) and what it yields."""
        for name in self._rows.irange(prefix):
            if not name.startswith(prefix):
                return
            yield name, self._rows[name]

    def put(self, kind: str, key: str, record: Any, indexed: Iterable[str] = ()) -> None:
        """A newer record of the row `kind|key`, found by its indexed fields too; None removes it."""
        name = f"{kind}|{key}"
        old = self._rows.pop(name, None)
        for field in indexed:
            if old is not None and old[field]:
                del self._rows[index_name(kind, field, old[field], key)]
            if record is not None and record[field]:
                self._rows[index_name(kind, field, record[field], key)] = record
        if record is not None:
            self._rows[name] = record


def index_name(kind: str, field: str, value: str, key: str = "") -> str:
    """Name of the row by which a record is found; without a key the prefix of all that have this value."""
    return f"{kind}.{field}|{value}|{key}"


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
        self.rows(tenant).put(record.topic.partition(".")[2], key, body, indexed_on(record.topic))
