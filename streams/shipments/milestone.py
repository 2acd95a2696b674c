"""A step of a shipment: recorded for every order in it, told to each, late where a later one is known."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.generated import orders_v1
from schemas.generated.shipments_v1 import MilestoneRecorded, ReportMilestone, milestone_recorded
from schemas.generated.state_shipments_v1 import Shipment
from streams.draft import Draft
from streams.engine.effects import Ask
from streams.shipments.find import Located, Miss, locate
from streams.shipments.witness import ignore
from tables.rows import Rows
from tables.shipments.membership import siblings, stepped
from tables.shipments.milestones import known, late, rank_of
from tables.shipments.names import below, fact_id, milestone_key, number_of, parcel_keys, row

# clocks of carriers differ; what lies further ahead has not happened (shipments.md §8)
FUTURE_MS = 2 * 3_600_000


def join_milestone(report: ReportMilestone, draft: Draft) -> list[str] | Miss:
    """Tie a milestone to its shipment and tell each order in it."""
    if report["at"] > draft.now + FUTURE_MS:
        return Miss.FUTURE
    found = locate(report, draft.rows)
    if isinstance(found, Miss):
        return found
    told = [_tell(_step(report, found, member, draft.now), member, draft) for member in _members(found, draft.rows)]
    if not any(told):
        ignore("milestone", report, "second-witness", draft)
    return []


def tell_newcomer(member: Shipment, draft: Draft) -> None:
    """An order that joins a shipment late hears the steps that it has had already."""
    steps: dict[str, MilestoneRecorded] = {}
    for _, step in draft.rows.scan(below("step", member["shipment"])):
        if not step["own_order_only"] and step["order_id"] != member["order_id"] and _concerns(step["parcel"], member):
            steps.setdefault(step["fact_id"], step)
    for step in sorted(steps.values(), key=lambda one: (one["at"], rank_of(one["code"]), one["fact_id"])):
        again: MilestoneRecorded = {
            **step,
            "order_id": member["order_id"],
            "channel": member["channel"],
            "reported": "",
        }
        again |= {"code": step["reported"] or step["code"], "known_at": draft.now}
        _tell(again, _current(member, draft.rows), draft)


def _members(found: Located, rows: Rows) -> list[Shipment]:
    members: Iterator[Shipment] = (member for _, member in rows.scan(below("shipment", found.shipment)))
    named = (member for member in members if found.order_id in ("", member["order_id"]))
    return [member for member in named if _concerns(found.parcel, member)]


def _concerns(parcel: str, member: Shipment) -> bool:
    return not parcel or parcel in parcel_keys(member["tracking"], member["packages"])


def _current(member: Shipment, rows: Rows) -> Shipment:
    current: Shipment = rows.get(row("shipment", member["shipment"], member["order_id"]))
    return current


def _step(report: ReportMilestone, found: Located, member: Shipment, now: int) -> MilestoneRecorded:
    """The step as this order has it; a lone parcel is the shipment."""
    return milestone_recorded(
        order_id=member["order_id"],
        channel=member["channel"],
        shipment=member["shipment"],
        fact_id=milestone_key(report, found.parcel if len(siblings(member, found.parcel)) > 1 else ""),
        event_id=report["event_id"],
        source=report["source"],
        code=known(report["code"]).code,
        source_code=report["source_code"] or report["code"],
        reason=report["reason"],
        at=report["at"],
        known_at=now,
        tracking=number_of(report["tracking"]),
        parcel=found.parcel,
        own_order_only=bool(found.order_id),
        city=report["city"],
        country=report["country"],
        eta=report["eta"],
    )


def _tell(step: MilestoneRecorded, member: Shipment, draft: Draft) -> bool:
    """Record a step for one order, unless it is known; says whether it was news."""
    if draft.rows.get(row("step", step["shipment"], step["order_id"], step["fact_id"])) is not None:
        return False
    ending, alone = known(step["code"]).counts, len(siblings(member, step["parcel"])) < 2
    if not ending or alone:
        _record(step, member, draft)
        _ask(step, draft)
        return True
    _record_parcel(step, member, draft)
    return True


def _record_parcel(step: MilestoneRecorded, member: Shipment, draft: Draft) -> None:
    """The end of one parcel of several: the shipment's own end follows when all have come to the same."""
    code = step["code"]
    part: MilestoneRecorded = {**step, "reported": code, "code": "delivered_partial" if code == "delivered" else code}
    _record(part, member, draft)
    if code == "delivered":
        _ask(part, draft)
    after = _current(member, draft.rows)
    if all(after["parcels"].get(parcel) == code for parcel in siblings(after, step["parcel"])):
        whole: MilestoneRecorded = {**step, "parcel": "", "tracking": "", "derived": True, "at": after["parcels_at"]}
        whole["fact_id"] = fact_id("whole", code, step["shipment"])
        _record(whole, after, draft)
        _ask(whole, draft)


def _record(step: MilestoneRecorded, member: Shipment, draft: Draft) -> None:
    step["late"] = late(step["code"], step["at"], member["code"], member["code_at"])
    step["headline"] = stepped(member, step)["code"]
    draft.fact("shipment.milestone.recorded", step)


def _ask(step: MilestoneRecorded, draft: Draft) -> None:
    told = orders_v1.milestone_fact(
        order_id=step["order_id"],
        shipment=step["shipment"],
        event_id=fact_id("milestone", step["shipment"], step["order_id"], step["fact_id"]),
        code=step["code"],
        at=step["at"],
        known_at=step["known_at"],
        late=step["late"],
        tracking=step["tracking"],
    )
    draft.ask(Ask("order.milestone-fact", step["order_id"], told, channel=step["channel"]))
