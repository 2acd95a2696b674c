"""Warehouse, carrier and finance of the demo: they hear of released orders on a feed, ship, deliver and bill them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from ops.demo.client import Channel

VIEW = "/v1/channels/wms/feed"
SUBSCRIPTION = {"url": "", "types": ["order.released"], "sources": ["*"], "mode": "every"}
AT_ONCE = 100  # shipments reported in one request
EVENTS = {"shipments": "/v1/shipments/events", "invoices": "/v1/invoices/events"}


class Hands:
    """Reads the release feed by its numbers and plays everything that follows."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.after = 0
        self.head = 0
        self.shipped: Counter[str] = Counter()  # sku → units that left a shelf
        self.shipments = 0

    async def subscribe(self) -> None:
        """Ask for a view of all releases, to be pulled."""
        await self.channel.put("/v1/channels/wms/subscriptions/releases", SUBSCRIPTION)

    async def work(self) -> None:
        """Handle releases for ever."""
        while True:
            await self.turn(wait_s=1)

    async def turn(self, wait_s: float = 0) -> int:
        """Take the next entries of the feed and play them; returns how many there were."""
        wanted = {"view": "releases", "after": str(self.after), "limit": str(AT_ONCE), "wait": str(wait_s)}
        page = await self.channel.get(VIEW, **wanted)
        self.head, entries = page["head"], page["entries"]
        if entries:
            await self._play([entry["data"] for entry in entries])
            self.after = entries[-1]["seq"]
        return len(entries)

    async def _play(self, releases: list[dict[str, Any]]) -> None:
        now = datetime.now(UTC).isoformat()
        parcels = [parcel for release in releases for parcel in self._parcels(release)]
        dispatches = [dispatch(parcel, now) for parcel in parcels]
        await self._send("shipments", dispatches)
        await self._send(
            "shipments", [milestone(parcel, code, now) for parcel in parcels for code in ("in_transit", "delivered")]
        )
        await self._send("invoices", [invoice(parcel, now) for parcel in parcels])
        self.shipments += len(parcels)

    def _parcels(self, release: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """One parcel per warehouse of a release."""
        for line in release["lines"]:
            self.shipped[line["sku"]] += int(line["quantity"])
        yield from parcels(release["order_id"], release["version"], release["lines"])

    async def _send(self, kind: str, events: list[dict[str, Any]]) -> None:
        for start in range(0, len(events), AT_ONCE):
            part = events[start : start + AT_ONCE]
            await self.channel.post(EVENTS[kind], part, key=f"{kind}-{part[0]['event_id']}-{len(part)}")


def parcels(order_id: str, version: int, lines: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The lines of a release as parcels, one per warehouse."""
    by_location: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        by_location[line.get("location") or "DC1"].append(line)
    for location, packed in sorted(by_location.items()):
        yield {"id": f"{order_id}-{version}-{location}", "order_id": order_id, "location": location, "lines": packed}


def dispatch(parcel: dict[str, Any], at: str) -> dict[str, Any]:
    """The warehouse reports that a parcel left."""
    return {
        "kind": "dispatched",
        "source": f"wms-{parcel['location'].lower()}",
        "event_id": f"d-{parcel['id']}",
        "at": at,
        "shipment": f"S-{parcel['id']}",
        "carrier": "UPSN",
        "tracking": [tracking(parcel)],
        "location": parcel["location"],
        "order": {"order_id": parcel["order_id"]},
        "lines": [{"line": line["line"], "sku": line["sku"], "quantity": line["quantity"]} for line in parcel["lines"]],
    }


def milestone(parcel: dict[str, Any], code: str, at: str) -> dict[str, Any]:
    """The carrier reports a step, by its tracking number alone."""
    return {
        "kind": "milestone",
        "source": "tms",
        "event_id": f"m-{code}-{parcel['id']}",
        "at": at,
        "carrier": "UPSN",
        "tracking": tracking(parcel),
        "code": code,
    }


def invoice(parcel: dict[str, Any], at: str) -> dict[str, Any]:
    """Finance bills what was shipped."""
    return {
        "kind": "posted",
        "source": "finance",
        "event_id": f"i-{parcel['id']}",
        "at": at,
        "number": f"INV-{parcel['id']}",
        "order": {"order_id": parcel["order_id"]},
        "lines": [{"line": line["line"], "quantity": line["quantity"], "amount": "1.00"} for line in parcel["lines"]],
        "currency": "USD",
    }


def tracking(parcel: dict[str, Any]) -> str:
    """The parcel's tracking number."""
    return f"1Z{parcel['id'].replace('-', '').upper()}"
