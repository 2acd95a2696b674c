"""What is remembered of orders' numbers, shipments, milestones, and of facts that wait for them."""

from tables.shipments.apply import apply
from tables.table import Table

SHIPMENTS = Table(
    "shipments",
    {
        "ref": "wharf.state.shipments.v1.Reference",
        "order": "wharf.state.shipments.v1.Order",
        "line": "wharf.state.shipments.v1.Line",
        "shipment": "wharf.state.shipments.v1.Shipment",
        "leg": "wharf.state.shipments.v1.Pointer",
        "parcel": "wharf.state.shipments.v1.Pointer",
        "step": "wharf.shipments.v1.MilestoneRecorded",
        "invoice": "wharf.state.shipments.v1.Seen",
        "event": "wharf.state.shipments.v1.Seen",
        "parked": "wharf.state.shipments.v1.Parked",
        "waiting": "wharf.state.shipments.v1.Waiting",
    },
    apply,
)
__all__ = ["SHIPMENTS", "apply"]
