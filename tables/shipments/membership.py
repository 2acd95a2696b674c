"""What one order has in one shipment: how a dispatch adds to it and a milestone moves it."""

from __future__ import annotations

from schemas.generated.shipments_v1 import MilestoneRecorded, ShipmentDispatched
from schemas.generated.state_shipments_v1 import Shipment, shipment
from tables.shipments.milestones import known, outdoes
from tables.shipments.names import carrier_of, parcel_keys


def joined(old: Shipment | None, fact: ShipmentDispatched) -> Shipment:
    """The shipment with a further dispatch; a second parcel number stays beside the first."""
    before = old or shipment(
        shipment=fact["shipment"],
        order_id=fact["order_id"],
        channel=fact["channel"],
        carrier=carrier_of(fact["carrier"]),
        at=fact["at"],
    )
    return {
        **before,
        "at": min(before["at"], fact["at"]),
        "tracking": _union(before["tracking"], fact["tracking"]),
        "packages": _union(before["packages"], fact["packages"]),
        "parts": _union(before["parts"], [fact["fact_id"]]),
    }


def stepped(before: Shipment, fact: MilestoneRecorded) -> Shipment:
    """The shipment after a milestone."""
    after: Shipment = {**before, "parcels": {**before["parcels"]}}
    ending = fact["reported"] or fact["code"]
    one_of_several = fact["reported"] == fact["code"]  # lost, refused ...: the shipment itself has not come to that
    if not one_of_several and outdoes(fact["code"], fact["at"], before["code"], before["code_at"]):
        after |= {"code": fact["code"], "code_at": fact["at"]}
    if fact["parcel"] and known(ending).counts:
        after["parcels"][fact["parcel"]] = ending
        after["parcels_at"] = max(before["parcels_at"], fact["at"])
    after["closed"] = known(after["code"]).ends
    return after


def siblings(member: Shipment, parcel: str) -> list[str]:
    """All parcels of the shipment, named in the way this one is."""
    kind = parcel.partition(":")[0]
    return [key for key in parcel_keys(member["tracking"], member["packages"]) if key.startswith(f"{kind}:")]


def _union(old: list[str], new: list[str]) -> list[str]:
    return [*old, *(one for one in new if one not in old)]
