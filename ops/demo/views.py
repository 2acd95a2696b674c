"""What subscribers hold of a view: one pulls it page by page, another is pushed to and keeps a ledger.

Both keep of each entry what the reconciliation needs, so that a long run fits into memory.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from time import monotonic
from typing import Any

from ops.demo.client import Channel
from ops.demo.follower import Entry, Follower
from ops.demo.verdict import UNPOSTED, hear

Json = dict[str, Any]
Heard = Callable[[Entry], None]
PAGE = 500
RECALLED = "shipped though cancelled"
QUANTITIES = (
    "ordered",
    "rejected",
    "cancelled",
    "substituted",
    "pending",
    "backordered",
    "reserved",
    "released",
    "shipped",
)


class Pulled:
    """A view that its subscriber pulls by its numbers, proving the chain entry by entry."""

    def __init__(self, channel: Channel, owner: str, name: str, heard: Heard = lambda entry: None) -> None:
        self.channel, self.owner, self.name, self._heard = channel, owner, name, heard
        self.head = 0
        self._page: list[Entry] = []
        self.follower = Follower(lambda after: self._page, self._kept)

    @property
    def key(self) -> str:
        """Channel and name."""
        return f"{self.owner}/{self.name}"

    @property
    def entries(self) -> list[Entry]:
        """What was pulled so far, as far as it is kept."""
        return self.follower.entries

    async def turn(self, wait_s: float = 0) -> int:
        """Pull what is there, waiting a little for it; returns how many entries came. raises BrokenChain"""
        page = await self.channel.get(
            f"/v1/channels/{self.owner}/feed",
            view=self.name,
            after=str(len(self.entries)),
            limit=str(PAGE),
            wait=str(wait_s),
        )
        self.head, self._page = max(self.head, page["head"]), page["entries"]
        if self._page:
            self.follower.catch_up()
        return len(self._page)

    async def follow(self) -> None:
        """Pull for ever: who comes too late finds that the log has dropped the oldest."""
        while True:
            await self.turn(wait_s=1)

    def _kept(self, entry: Entry) -> Entry:
        self._heard(entry)
        return place_of(entry)


class Pushed:
    """A ledger of webhooks, read as it grows."""

    def __init__(self, ledger: Path, heard: Heard = lambda entry: None) -> None:
        self.ledger, self._heard = ledger, heard
        self.deliveries: list[Json] = []
        self.ids: set[str] = set()
        self._read = 0

    def turn(self) -> int:
        """Read what was added; returns how many deliveries."""
        if not self.ledger.exists():
            return 0
        with self.ledger.open("rb") as file:
            file.seek(self._read)
            added = [line for line in file if line.endswith(b"\n")]  # the last one may be half written
        self._read += sum(map(len, added))
        for line in added:
            delivery = json.loads(line)
            self._heard(delivery)
            self.deliveries.append(place_of(delivery))
            self.ids.add(delivery["id"])
        return len(added)


class Statuses:
    """The last status of each order that a subscriber heard of, and when it first did."""

    def __init__(self) -> None:
        self.last: dict[str, Mapping[str, Any]] = {}
        self.first_at: dict[str, float] = {}  # number → monotonic seconds
        self.cancels: Counter[str] = Counter()  # how cancel requests ended
        self._cancelled: set[str] = set()  # numbers of orders that were cancelled wholly at some time
        self._left: set[str] = set()  # numbers of orders of which something left though it was cancelled

    def hear(self, entry: Entry) -> None:
        """Take an entry over."""
        data = entry["data"]
        if entry["type"] == "order.cancelled":
            self.cancels["refused" if data.get("refused") else "granted"] += 1
        if entry["type"] == "exception.raised" and data.get("detail") == RECALLED:
            self._left.add(data["number"])
        if entry["type"] == "order.status.changed":
            self.first_at.setdefault(data["number"], monotonic())
            if data["status"] == "cancelled":
                self._cancelled.add(data["number"])
            hear(self.last, {"type": entry["type"], "data": slim(entry["data"])})

    def recalled(self) -> set[str]:
        """Numbers of orders that were cancelled wholly, and left nevertheless."""
        return {number for number in self._cancelled & self._left if self.last[number]["status"] not in UNPOSTED}


def place_of(entry: Entry) -> Json:
    """Where an entry stands, and of which order."""
    return {"seq": entry["seq"], "id": entry["id"], "data": {"order_id": entry["data"].get("order_id", "")}}


def slim(status: Mapping[str, Any]) -> Json:
    """A status without what the reconciliation does not look at; a pushed one may be too large to carry its lines."""
    head = {name: status[name] for name in ("order_id", "channel", "number", "status", "version")}
    return {**head, "lines": list(_lines(status.get("lines", ())))}


def _lines(lines: Iterable[Mapping[str, Any]]) -> Iterable[Json]:
    for line in lines:
        yield {"line": line["line"], "sku": line.get("sku", ""), **{name: line[name] for name in QUANTITIES}}
