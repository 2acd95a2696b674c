"""The job: a SKU's units on hand and how many movements made them, absolute, after each movement.

One plain function for all Python engines, so that what they differ in is the engine. What it returns is both the row that
is kept and the record that is published.
"""

from __future__ import annotations

from schemas.generated.inventory_v1 import AvailabilityChanged, ReportStock

ROW = "wharf.inventory.v1.AvailabilityChanged"
EVENT = "wharf.inventory.v1.ReportStock"


def booked(row: AvailabilityChanged | None, movement: ReportStock) -> AvailabilityChanged:
    """The SKU after one more movement."""
    if row is None:
        return {
            "sku": movement["sku"], "version": 1, "as_of": movement["as_of"], "base_unit": "EA", "scale": 0,
            "channels": [], "locations": [], "default_quantity": movement["quantity"], "waiting": 0, "shortfall": 0,
            "default_next": [],
            "limit": "",
        }  # fmt: skip
    return {
        **row, "version": row["version"] + 1, "as_of": movement["as_of"],
        "default_quantity": row["default_quantity"] + movement["quantity"],
    }  # fmt: skip
