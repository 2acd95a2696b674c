"""An order makes its numbers known; a number that another order of the same customer holds is taken."""

from __future__ import annotations

from schemas.generated import orders_v1
from schemas.generated.shipments_v1 import ClaimReferences, OrderReference, order_reference, references_claimed
from schemas.generated.state_shipments_v1 import Reference
from streams.draft import Draft
from streams.engine.effects import Ask
from streams.shipments.parking import join_waiting
from tables.rows import Rows
from tables.shipments.names import below, order_keys


def claim(command: ClaimReferences, draft: Draft) -> None:
    """Grant what is free, answer each number, then let the facts that waited for them find their order."""
    order_id = command["order_id"]
    named = [reference for reference in command["references"] if reference["value"] and reference["kind"] != "order_id"]
    holders = {index: holder(reference, command, draft.rows) for index, reference in enumerate(named)}
    granted = [reference for index, reference in enumerate(named) if not holders[index]]
    own = order_reference(kind="order_id", value=order_id)
    draft.fact(
        "shipment.references.claimed",
        references_claimed(
            order_id=order_id,
            channel=command["channel"],
            customer=command["customer"],
            references=[own, *granted, *_by_channel(granted, command["channel"])],
            taken=[reference for index, reference in enumerate(named) if holders[index]],
            lines=command["lines"],
        ),
    )
    for index, reference in enumerate(named):
        draft.ask(_answer(command, reference, holders[index]))
    join_waiting(order_keys([own, *granted]), draft)


def holder(reference: OrderReference, command: ClaimReferences, rows: Rows) -> str:
    """The other order of the same customer that has this number, or ""."""
    for _, held in rows.scan(below("ref", reference["kind"], reference["value"])):
        if held["order_id"] != command["order_id"] and _same_customer(held, reference, command["customer"]):
            return str(held["order_id"])
    return ""


def _same_customer(held: Reference, reference: OrderReference, customer: str) -> bool:
    if held["customer"] and customer:
        return held["customer"] == customer
    return held["party"] == reference["party"]


def _by_channel(granted: list[OrderReference], channel: str) -> list[OrderReference]:
    """A partner's number is known under its channel too: that is how a warehouse names it."""
    numbers = [reference for reference in granted if reference["kind"] == "number" and reference["party"] != channel]
    return [order_reference(kind="number", value=number["value"], party=channel) for number in numbers if channel]


def _answer(command: ClaimReferences, reference: OrderReference, holder: str) -> Ask:
    answer = orders_v1.claim_answer(
        order_id=command["order_id"],
        kind=reference["kind"],
        value=reference["value"],
        outcome="taken" if holder else "granted",
        holder=holder,
    )
    return Ask("order.claim-answer", command["order_id"], answer, channel=command["channel"])
