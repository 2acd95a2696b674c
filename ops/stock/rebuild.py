"""A partition of stock, rebuilt in the shadow: every SKU's rows, made from its facts by the production `apply`."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ops.reading import told
from streams.engine.records import Record
from tables.inventory.shadow import Shadow

Shadows = dict[bytes, Shadow]  # by record key
Heard = Callable[[int], None]  # how many facts there are more
EVERY = 50_000


def fold(shadows: Shadows, records: Iterable[Record], heard: Heard = lambda count: None) -> int:
    """Apply facts to their SKUs, in their order; returns how many there were. raises Failed where one cannot be read"""
    count = 0
    for record in records:
        key = record.key or b""
        shadow = shadows.get(key)
        if shadow is None:
            shadow = shadows[key] = Shadow()
        shadow.take(*told(record))
        count += 1
        if count % EVERY == 0:
            heard(EVERY)
    heard(count % EVERY)
    return count
