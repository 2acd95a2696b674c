"""Facts that came before what they belong to: parked under all their references, seen, and joined later.

A fact that finds nothing is overdue after half an hour (parcels) or a day (freight): it is told, and waits on. After 30
days it is given up; it stays in the log. Source: shipments.md §6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from schemas import wire
from schemas.generated.shipments_v1 import fact_ignored, fact_parked, fact_unparked, parked_overdue
from schemas.generated.state_shipments_v1 import Parked
from schemas.loader import by_type
from streams.draft import Draft
from streams.engine.effects import Timer
from streams.shipments.dispatch import join_dispatch
from streams.shipments.find import Miss
from streams.shipments.invoice import join_invoice
from streams.shipments.milestone import FUTURE_MS, join_milestone
from tables.shipments.milestones import rank_of
from tables.shipments.names import below, fact_id, order_keys, parcel_keys, row

PARCEL_MS, FREIGHT_MS, GIVE_UP_MS = 30 * 60_000, 24 * 3_600_000, 30 * 86_400_000

JOINS: dict[str, Callable[[Any, Draft], list[str] | Miss]] = {
    "dispatch": join_dispatch,
    "milestone": join_milestone,
    "invoice": join_invoice,
}


def park(kind: str, report: Any, miss: Miss, draft: Draft) -> None:
    """Let a fact wait, under all its references."""
    parked_id = fact_id("parked", kind, report["source"], report["event_id"] or draft.message.envelope.id)
    due = report["at"] - FUTURE_MS if miss is Miss.FUTURE else draft.now + _patience(kind, report)
    fact = fact_parked(
        parked_id=parked_id,
        kind=kind,
        reason=miss.value,
        references=waiting_keys(report),
        body=wire.encode(by_type()[f"shipment.report-{kind}"].name, report),
        source=report["source"],
        event_id=report["event_id"],
        at=report["at"],
        due=due,
    )
    draft.fact("shipment.parked", fact)
    draft.timer(_timer(parked_id, due))


def waiting_keys(report: Any) -> list[str]:
    """Every reference of a fact, as the keys that a later claim or dispatch wakes."""
    keys = order_keys(report["references"])
    if "code" in report:
        keys += parcel_keys([report["tracking"]], [report["sscc"]])
        keys += [f"shipment:{report['shipment']}"] if report["shipment"] else []
    return list(dict.fromkeys(keys))


def join_waiting(keys: Iterable[str], draft: Draft) -> None:
    """Try what waits under these keys: dispatches first, they bring more; the rest in the order of their events."""
    woken = dict.fromkeys(_woken(keys, draft))
    tried: set[str] = set()
    while left := [name for name in woken if name not in tried]:
        chosen = min(left, key=lambda parked_id: _turn(parked_id, draft))
        tried.add(chosen)
        woken |= dict.fromkeys(_woken(try_parked(chosen, draft), draft))


def try_parked(parked_id: str, draft: Draft) -> list[str]:
    """Join a parked fact if it finds its place now; returns the keys that it wakes in turn."""
    waits: Parked = draft.rows.get(row("parked", parked_id))
    report = wire.decode(waits["body"])[1]
    keys = JOINS[waits["kind"]](report, draft)
    if isinstance(keys, Miss):
        return []
    draft.fact("shipment.unparked", fact_unparked(parked_id=parked_id, outcome="joined"))
    draft.timer(Timer(f"parked|{parked_id}", None))
    return keys


def overdue(parked_id: str, draft: Draft) -> None:
    """A parked fact's time has come: tried again, then told as overdue, then given up."""
    waits: Parked | None = draft.rows.get(row("parked", parked_id))
    if waits is None:
        draft.fact("shipment.ignored", fact_ignored(kind="parked-overdue", event_id="", reason="not-parked"))
        return
    join_waiting(try_parked(parked_id, draft), draft)
    if draft.rows.get(row("parked", parked_id)) is None:
        return
    outcome = "given-up" if waits["overdue"] else "overdue"
    draft.fact("shipment.unparked", fact_unparked(parked_id=parked_id, outcome=outcome))
    draft.timer(
        _timer(parked_id, draft.now + GIVE_UP_MS) if outcome == "overdue" else Timer(f"parked|{parked_id}", None)
    )


def _woken(keys: Iterable[str], draft: Draft) -> list[str]:
    return [waits["parked_id"] for key in keys for _, waits in draft.rows.scan(below("waiting", key))]


def _turn(parked_id: str, draft: Draft) -> tuple[bool, int, int, str]:
    waits: Parked = draft.rows.get(row("parked", parked_id))
    code = wire.decode(waits["body"])[1].get("code", "")
    return waits["kind"] != "dispatch", waits["at"], rank_of(code), parked_id


def _patience(kind: str, report: Any) -> int:
    parcel = kind == "milestone" and (report["tracking"] or report["sscc"])
    return PARCEL_MS if parcel else FREIGHT_MS


def _timer(parked_id: str, due: int) -> Timer:
    return Timer(f"parked|{parked_id}", due, "shipment.parked-overdue", parked_overdue(parked_id=parked_id))
