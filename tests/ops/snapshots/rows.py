"""Rows, and a hub in memory that agrees to them, refuses some, or is pulled from under the sender."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.channels.readers.stock_rows import StockRow
from ops.snapshots.decide import Place, Standing, body, request_key

AT = 1_795_161_600_000
HOUR = 3_600_000


def row(line: int, quantity: str = "5", as_of: int = AT, **rest: Any) -> StockRow:
    """The position of this line."""
    return StockRow(line, f"SKU-{line:04}", "DC1", quantity, as_of, **rest)


def some(count: int, **rest: Any) -> list[StockRow]:
    """So many positions, from line 2 on."""
    return [row(line, **rest) for line in range(2, count + 2)]


class Killed(BaseException):
    """The sender is gone."""


@dataclass
class FakeHub:
    """Remembers what it was told, by key; what came again is the same request."""

    source: str = "wms1"
    bad: set[str] = field(default_factory=set)  # SKUs that refuse the whole request
    late: dict[str, str] = field(default_factory=dict)  # SKUs that are set aside, and why
    kill_after: int = -1  # requests that are taken before the sender dies, whose answer to the last is lost
    blind: bool = False
    asked: list[str] = field(default_factory=list)  # keys in the order of arrival
    taken: dict[str, list[StockRow]] = field(default_factory=dict)
    held: dict[Place, Standing] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, rows: Sequence[StockRow]) -> Mapping[str, Any]:
        with self._lock:
            if self.kill_after == 0:
                raise Killed
            key = request_key(body(rows, self.source))
            self.asked.append(key)
            if any(row.sku in self.bad for row in rows):
                problems = [
                    {"pointer": f"/{index}/quantity", "code": "WH1304", "message": "no such unit"}
                    for index, row in enumerate(rows)
                    if row.sku in self.bad
                ]
                return {"state": "rejected", "parts": [], "problems": problems}
            self.taken[key] = list(rows)
            for each in rows:
                self.held[each.sku, each.location] = Standing(each.quantity, each.unsellable or "0", "EA", each.as_of)
            if self.kill_after > 0:
                self.kill_after -= 1
                if self.kill_after == 0:
                    raise Killed
        parts = [{"state": "decided", "reason": self.late.get(each.sku, "")} for each in rows]
        return {"state": "accepted", "parts": parts, "problems": []}

    def standing(self, source: str, skus: Sequence[str]) -> Mapping[Place, Standing]:
        return {} if self.blind else {place: held for place, held in self.held.items() if place[0] in skus}

    @property
    def said(self) -> list[StockRow]:
        """Every row that was taken, each request once."""
        return [each for rows in self.taken.values() for each in rows]
