"""Warehouse, carrier and finance of a campaign: they hear of releases on a feed and report what they did, once each.

A parcel is named after its order and the release's place among that order's releases, so that two runs that release the
same have the same parcels.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ops.chaos.market import AT
from ops.demo import hands
from ops.demo.client import Channel

CHANNEL, VIEW = "wms", "releases"
SUBSCRIPTION = {"url": "", "types": ["order.released"], "sources": ["*"], "mode": "every"}
AT_ONCE = 100  # entries played at a time
LOOK_S = 0.3
Json = dict[str, Any]


class Report(NamedTuple):
    """Events that go to the gateway in one request."""

    path: str
    events: list[Json]

    @property
    def key(self) -> str:
        """The request's Idempotency-Key: the same events have the same one."""
        return f"{self.events[0]['event_id']}-{len(self.events)}"


class Warehouse:
    """Plays what follows each release."""

    def __init__(self) -> None:
        self.after = 0  # the feed is played up to this entry
        self.shipped: Counter[str] = Counter()  # units by SKU
        self._releases: Counter[str] = Counter()  # by order

    def play(self, releases: Iterable[Mapping[str, Any]]) -> Iterator[Report]:
        """What is reported of these releases: all dispatches, then all milestones, then all invoices."""
        parcels = [parcel for release in releases for parcel in self._parcels(release)]
        if not parcels:
            return
        yield Report("/v1/shipments/events", [hands.dispatch(parcel, AT) for parcel in parcels])
        steps = ("in_transit", "delivered")
        yield Report("/v1/shipments/events", [hands.milestone(each, code, AT) for each in parcels for code in steps])
        yield Report("/v1/invoices/events", [hands.invoice(parcel, AT) for parcel in parcels])

    def _parcels(self, release: Mapping[str, Any]) -> list[Json]:
        self._releases[release["order_id"]] += 1
        for line in release["lines"]:
            self.shipped[line["sku"]] += int(line["quantity"])
        return list(hands.parcels(release["order_id"], self._releases[release["order_id"]], release["lines"]))

    async def work(self, channel: Channel, stop: asyncio.Event) -> None:
        """Read the feed by its numbers and report, until told to stop."""
        while not stop.is_set():
            page = await channel.get(
                f"/v1/channels/{CHANNEL}/feed", view=VIEW, after=str(self.after), limit=str(AT_ONCE)
            )
            for report in self.play(entry["data"] for entry in page["entries"]):
                await channel.post(report.path, report.events, key=report.key)
            if page["entries"]:
                self.after = page["entries"][-1]["seq"]
            else:
                await asyncio.sleep(LOOK_S)
