"""Something happened, and who hears of it."""

from __future__ import annotations

import json
from typing import Any

from schemas.envelope import Envelope
from schemas.generated import channel_v1, inventory_v1, orders_v1, reference_v1, shipments_v1
from streams.engine.effects import Ask, Effects, Message
from streams.notify.decide import decide
from tables.rows import DictRows

AT = 1_772_438_400_000  # 2026-03-02T08:00:00Z


class Town:
    """A tenant's subscriptions, and what is told to them."""

    def __init__(self) -> None:
        self.rows = DictRows()

    def subscribe(self, name: str, *types: str, channel: str = "portal", **more: Any) -> Town:
        """A subscription of a channel to these types."""
        row = reference_v1.subscription(channel=channel, name=name, types=list(types), **more)
        self.rows.rows[f"subscriptions|{channel}|{name}"] = row
        return self

    def happens(self, kind: str, record: Any, *, channel: str = "portal", disposition: str = "live") -> Effects:
        """Decide on a fact."""
        envelope = Envelope(
            "event-1", kind, "wharf/orders", "acme", AT, channel=channel, disposition=disposition, receipt="R/0"
        )
        return decide(Message(envelope, "O-1", record, AT + 5), self.rows)

    def hears(self, kind: str, record: Any, **more: Any) -> list[str]:
        """Keys of the views that hear of it."""
        return [ask.key for ask in self.happens(kind, record, **more).asks]

    def told(self, kind: str, record: Any, **more: Any) -> Any:
        """The words in which the first view hears of it."""
        return json.loads(entry(self.happens(kind, record, **more).asks[0])["data"])


def entry(ask: Ask) -> Any:
    """The record of an ask."""
    return ask.record


def line(**quantities: int) -> orders_v1.LineState:
    """Line 1 of WIDGET-A."""
    return orders_v1.line_state(line="1", sku="WIDGET-A", base_unit="EA", **quantities)


def status(new: str = "confirmed", channel: str = "portal", **more: Any) -> orders_v1.OrderStatusChanged:
    """The headline of P-1001 changed."""
    fields = {"order_id": "O-1", "seq": 9, "number": "P-1001", "channel": channel, "status_seq": 2, "version": 7}
    lines = [line(ordered=24, reserved=24)]
    return orders_v1.order_status_changed(**{**fields, "old": "accepted", "new": new, "lines": lines, **more})


def milestone(late: bool = False) -> shipments_v1.MilestoneRecorded:
    """A parcel of the order is under way."""
    step = {"order_id": "O-1", "channel": "portal", "shipment": "S-1", "event_id": "e", "code": "in_transit"}
    return shipments_v1.milestone_recorded(**step, at=AT, known_at=AT, late=late, city="Graz", fact_id="f", eta=AT)


def refusal(*problems: str) -> channel_v1.DocumentNormalized:
    """What normalize said of a document of the portal."""
    found = [channel_v1.problem(code="WH1203", message=text, pointer="PO1[3]/02") for text in problems]
    state = "rejected" if problems else "accepted"
    return channel_v1.document_normalized(receipt="R", channel="portal", state=state, kind="x12-850", problems=found)


def availability(quantity: int = 110) -> inventory_v1.AvailabilityChanged:
    """What can be sold of WIDGET-A."""
    own = inventory_v1.channel_availability(channel="portal", quantity=quantity, status="in_stock")
    return inventory_v1.availability_changed(sku="WIDGET-A", version=841, default_quantity=90, channels=[own], as_of=AT)
