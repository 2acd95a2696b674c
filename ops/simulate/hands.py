"""Warehouse, carrier and finance: what is released leaves, arrives and is billed, told in no particular order."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from ops.simulate.world import PLACES, Said
from schemas.envelope import rfc3339
from streams.engine.effects import Message


def follows(release: Message, now: int) -> Iterator[Said]:
    """What the outside says of a release; the same release again leads to the same."""
    chance = random.Random(release.envelope.id)
    parcels: defaultdict[str, list[Any]] = defaultdict(list)
    for line in release.record["lines"]:
        parcels[line["location"] or PLACES[0]].append(line)
    for location, lines in sorted(parcels.items()):
        if chance.random() < 0.85:
            yield from _parcel(
                chance,
                f"{release.key[:8]}-{release.record['seq']}-{location}",
                release.key,
                location,
                lines,
                rfc3339(now),
            )


def _parcel(chance: random.Random, id: str, order: str, location: str, lines: list[Any], at: str) -> Iterator[Said]:
    short = chance.random() < 0.1
    goods = [
        {"line": line["line"], "sku": line["sku"], "quantity": str(max(1, line["quantity"] - short))} for line in lines
    ]
    about = {"order": {"order_id": order}, "at": at}
    left = {**about, "kind": "dispatched", "source": f"wms-{location}", "event_id": f"d-{id}", "shipment": f"S-{id}",
            "carrier": "UPSN", "tracking": [f"1Z{id}"], "location": location, "lines": goods}  # fmt: skip
    yield Said("shipment-events", "wms", [left])
    if chance.random() < 0.15:
        yield Said("shipment-events", "wms", [{**left, "event_id": f"again-{id}"}])  # a second witness
    for code in ("in_transit", "delivered"):
        if chance.random() < 0.7:
            step = {"kind": "milestone", "source": "tms", "event_id": f"{code}-{id}", "at": at, "carrier": "UPSN",
                    "tracking": f"1Z{id}", "code": code}  # fmt: skip
            yield Said("shipment-events", "tms", [step])
    if chance.random() < 0.7:
        billed = [{"line": line["line"], "quantity": line["quantity"], "amount": "1.00"} for line in goods]
        bill = {**about, "kind": "posted", "source": "finance", "event_id": f"i-{id}", "number": f"INV-{id}",
                "currency": "USD", "lines": billed}  # fmt: skip
        yield Said("invoice-events", "finance", [bill])
