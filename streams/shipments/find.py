"""Which order or shipment a fact belongs to: by its references, the first unique hit wins, two hits are no guess."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from schemas.generated.shipments_v1 import OrderReference, ReportMilestone
from schemas.generated.state_shipments_v1 import Pointer
from tables.rows import Rows
from tables.shipments.names import below, carrier_of, number_of, row

# a carrier uses its numbers again; later ones are other parcels (shipments.md §6)
WINDOW_MS = 365 * 86_400_000
PRECEDENCE = ("order_id", "number", "erp_number", "po")


class Miss(Enum):
    """Why a fact finds nothing yet."""

    NO_MATCH = "no-match"
    AMBIGUOUS = "ambiguous"
    FUTURE = "future"


class Located(NamedTuple):
    """Where a milestone belongs."""

    shipment: str
    parcel: str = ""  # "track:…" or "sscc:…" where one parcel is meant
    order_id: str = ""  # where the reference names one order's part only


def find_order(references: Sequence[OrderReference], rows: Rows) -> str | Miss:
    """The order that the references name."""
    ranked = sorted(
        (ref for ref in references if ref["kind"] in PRECEDENCE), key=lambda ref: PRECEDENCE.index(ref["kind"])
    )
    return first_unique(orders_named(reference, rows) for reference in ranked)


def orders_named(reference: OrderReference, rows: Rows) -> list[str]:
    """Every order that claimed this number; of any party where the reference names none."""
    parties = (reference["party"],) if reference["party"] else ()
    claims = rows.scan(below("ref", reference["kind"], reference["value"], *parties))
    return distinct(claim["order_id"] for _, claim in claims)


def locate(report: ReportMilestone, rows: Rows) -> Located | Miss:
    """The shipment of a milestone: SSCC, then carrier and tracking number, then shipment id, then order."""
    misses = []
    for search in (_by_sscc, _by_tracking, _by_shipment, _by_order):
        found = search(report, rows)
        if isinstance(found, Located):
            return found
        misses.append(found)
    return Miss.AMBIGUOUS if Miss.AMBIGUOUS in misses else Miss.NO_MATCH


def _by_sscc(report: ReportMilestone, rows: Rows) -> Located | Miss:
    return _by_parcel(f"sscc:{number_of(report['sscc'])}", report["at"], "", rows) if report["sscc"] else Miss.NO_MATCH


def _by_tracking(report: ReportMilestone, rows: Rows) -> Located | Miss:
    if not report["tracking"]:
        return Miss.NO_MATCH
    return _by_parcel(f"track:{number_of(report['tracking'])}", report["at"], carrier_of(report["carrier"]), rows)


def _by_parcel(parcel: str, at: int, carrier: str, rows: Rows) -> Located | Miss:
    near = (lead for _, lead in rows.scan(below("parcel", parcel)) if abs(lead["at"] - at) < WINDOW_MS)
    found = first_unique([distinct(lead["shipment"] for lead in near if _same_carrier(lead, carrier))])
    return found if isinstance(found, Miss) else Located(found, parcel)


def _same_carrier(lead: Pointer, carrier: str) -> bool:
    return not carrier or not lead["carrier"] or lead["carrier"] == carrier


def _by_shipment(report: ReportMilestone, rows: Rows) -> Located | Miss:
    known = report["shipment"] and next(rows.scan(below("shipment", report["shipment"])), None)
    return Located(report["shipment"]) if known else Miss.NO_MATCH


def _by_order(report: ReportMilestone, rows: Rows) -> Located | Miss:
    """An order names a shipment only if it has exactly one open, or, all being closed, exactly one."""
    order_id = find_order(report["references"], rows)
    if isinstance(order_id, Miss):
        return order_id
    legs = [lead["shipment"] for _, lead in rows.scan(below("leg", order_id))]
    still_open = [leg for leg in legs if not rows.get(row("shipment", leg, order_id))["closed"]]
    found = first_unique([still_open or legs])
    return found if isinstance(found, Miss) else Located(found, order_id=order_id)


def first_unique(hits: Iterable[list[str]]) -> str | Miss:
    """The only member of the first hit that has one."""
    miss = Miss.NO_MATCH
    for hit in hits:
        if len(hit) == 1:
            return hit[0]
        miss = Miss.AMBIGUOUS if hit else miss
    return miss


def distinct(names: Iterator[str]) -> list[str]:
    """Each once, in the order of their first appearance."""
    return list(dict.fromkeys(names))
