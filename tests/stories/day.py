"""A day's evidence: what was answered to those who acted in a story, and what can be asked afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.stories.given import CHANNELS, SKU, decided
from tests.stories.places.place import Json, Place

Figures = tuple[int, ...]  # by channel, as CHANNELS names them


@dataclass
class Day:
    """What was answered."""

    place: Place
    answers: dict[str, httpx.Response] = field(default_factory=dict)
    receipts: dict[str, Json] = field(default_factory=dict)
    offered: dict[str, Figures] = field(default_factory=dict)  # by step: portal, edi, field
    orders: dict[str, Json] = field(default_factory=dict)  # by step
    journals: dict[str, list[Json]] = field(default_factory=dict)
    erp_back_at: int = 0  # ms since the epoch
    _tailed: dict[str, list[Json]] = field(default_factory=dict)

    def post(self, name: str, path: str, body: Any, key: str = "") -> httpx.Response:
        """Ask, and keep the answer."""
        self.answers[name] = self.place.ask("POST", path, key=key, json=body)
        return self.answers[name]

    def log(self, topic: str, **wanted: Any) -> list[Json]:
        """A topic by `wharf tail`, and of it what has these fields: of the envelope, or else of the data."""
        if topic not in self._tailed:
            self._tailed[topic] = self.place.tail(topic)
        return [one for one in self._tailed[topic] if all(_said(one, name) == wanted[name] for name in wanted)]

    def receipt(self, name: str, receipt: str) -> None:
        """Wait for a receipt to be decided, and keep it."""
        self.receipts[name] = decided(self.place, receipt)

    def see(self, name: str, order: str, *statuses: str) -> None:
        """Wait until an order has come so far, and keep it."""
        self.orders[name] = self.place.until(
            lambda: self.place.ask("GET", f"/v1/orders/{order}").json(), lambda seen: seen.get("status") in statuses
        )

    def feed(self, channel: str, view: str = "default") -> Json:
        """All of a view, as a puller gets it."""
        asked = {"view": view, "limit": 1000}
        return dict(self.place.ask("GET", f"/v1/channels/{channel}/feed", params=asked).json())

    def offers(self, name: str, expected: Figures) -> None:
        """Wait until every channel is offered this, and keep what it is offered in fact."""
        self.offered[name] = self.place.until(self._figures, lambda seen: seen == expected)

    def _figures(self) -> Figures:
        asked = (
            self.place.ask("GET", f"/v1/availability/{SKU}", params={"channel": channel}).json() for channel in CHANNELS
        )
        return tuple(int(answer.get("quantity", -1)) for answer in asked)


def _said(record: Json, name: str) -> Any:
    return record[name] if name in record else record["data"].get(name)


def statuses_told(entries: Iterable[Json], order: str) -> list[str]:
    """The statuses of an order, in the order in which a feed or a webhook told them."""
    changes = [entry["data"] for entry in entries if entry["type"] == "order.status.changed"]
    return [change["status"] for change in changes if change["order_id"] == order]
