"""Broadcast reference data as rows: `products|SKU`, `partners|ID` and so on, one view per tenant."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Any

from schemas import wire
from schemas.topics import split_key
from streams.engine.reading import allowed
from streams.engine.records import Record


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

    def absorb(self, record: Record) -> None:
        """Take a record of a reference topic; raises ValueError where key or body cannot be read."""
        tenant, key = split_key((record.key or b"").decode())
        body = None if record.value is None else wire.decode(record.value, allowed(record.topic))[1]
        self.rows(tenant).put(f"{record.topic.partition('.')[2]}|{key}", body)
