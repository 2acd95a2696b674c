"""A site that sells honestly, or not: answers of a gateway, and the log behind it, without either."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from ops.chaos.evidence import Entry
from ops.stock.rush.crowd import SHORT, Answer, Crowd

SKU = "RUSH-001"


def bought(buyer: int) -> Answer:
    """A buyer who has the unit."""
    body = {"reservation": f"r-{buyer}", "lines": [{"line": "1", "reserved": "1", "missing": "0"}]}
    return Answer(buyer, 201, body, seconds=0.5, asked=1)


def short(buyer: int) -> Answer:
    """A buyer who was refused."""
    body = {"code": SHORT, "reservation": f"r-{buyer}", "lines": [{"line": "1", "reserved": "0", "missing": "1"}]}
    return Answer(buyer, 409, body, seconds=0.5, asked=1)


def fact(kind: str, **record: Any) -> Entry:
    """A fact of the SKU."""
    return Entry("inventory.events", 0, 0, SKU, "", kind, "wharf/inventory", "", {"at": 1_000, **record})


def counted(units: int) -> Entry:
    """So many are there."""
    return fact("inventory.counted", location="DC1", counted=units)


def held(holder: str, units: int = 1, kind: str = "inventory.reserved", at: int = 1_000) -> Entry:
    """A holder has so many now; none: they are given back."""
    row = {"holder": holder, "line": "1", "location": "DC1", "reserved": units, "allocated": 0}
    return fact(kind, at=at, entries=[row])


@dataclass
class Site:
    """A gateway's answers, decided at once; `before` may answer a request otherwise."""

    units: int = 2
    before: Callable[[httpx.Request], httpx.Response | None] = lambda request: None
    sold: dict[str, bool] = field(default_factory=dict)  # by key: whether it is held now
    asked: list[str] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """One request."""
        self.asked.append(f"{request.method} {request.url.path}")
        return self.before(request) or self._answer(request)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.method == "DELETE":
            self.sold.pop(request.url.path.rpartition("/")[2])
            return httpx.Response(204)
        if request.url.path != "/v1/reservations":
            return httpx.Response(202, json={})
        return self._hold(str(json.loads(request.content)["cart"]).rpartition("-")[2])

    def _hold(self, buyer: str) -> httpx.Response:
        if f"r-{buyer}" in self.sold or len(self.sold) < self.units:
            self.sold[f"r-{buyer}"] = True
            return httpx.Response(201, json=bought(int(buyer)).body)
        return httpx.Response(409, json=short(int(buyer)).body)

    def crowd(self) -> Crowd:
        """Buyers of this site."""
        return Crowd([httpx.AsyncClient(transport=httpx.MockTransport(self), base_url="http://site")])
