"""What shipments decides on each command of its mailbox."""

from __future__ import annotations

from typing import Any

from streams.draft import Draft
from streams.engine.effects import Effects, Message
from streams.shipments.claim import claim
from streams.shipments.find import Miss
from streams.shipments.parking import JOINS, join_waiting, overdue, park
from streams.shipments.witness import ignore
from tables.rows import Rows
from tables.shipments import apply
from tables.shipments.names import row


def decide(message: Message, rows: Rows) -> Effects:
    """Which order a claim, dispatch, milestone or invoice belongs to, and who hears of it."""
    draft = Draft(message, rows, apply)
    match message.type:
        case "shipment.claim":
            claim(message.record, draft)
        case "shipment.parked-overdue":
            overdue(message.record["parked_id"], draft)
        case _:
            report(message.type.removeprefix("shipment.report-"), message.record, draft)
    return draft.effects()


def report(kind: str, told: Any, draft: Draft) -> None:
    """Take a reported fact once: joined, or parked until what it belongs to is known."""
    if told["event_id"] and draft.rows.get(row("event", told["source"], kind, told["event_id"])) is not None:
        ignore(kind, told, "duplicate", draft)
        return
    keys = JOINS[kind](told, draft)
    if isinstance(keys, Miss):
        park(kind, told, keys, draft)
    else:
        join_waiting(keys, draft)
