"""Bodies that the gateway accepts, to be bent by tests."""

from __future__ import annotations

from typing import Any

LINE = {"line": "1", "product": {"sku": "WIDGET-A"}, "quantity": "24", "unit": "EA", "price": "9.50"}
ORDER: dict[str, Any] = {
    "channel": "portal",
    "number": "P-1001",
    "customer": "7001",
    "currency": "USD",
    "ordered_at": "2026-03-02T08:01:00Z",
    "requested_delivery": "2026-03-05",
    "ship_complete": False,
    "ship_to": {"name": "Ada", "street": ["1 Harbour Road"], "city": "Albany", "postal_code": "12203", "country": "US"},
    "lines": [LINE],
    "extensions": {"cost centre": 7},
}
COUNT: dict[str, Any] = {
    "kind": "counted", "source": "wms1", "sequence": 88, "as_of": "2026-03-02T08:00:00Z", "sku": "WIDGET-A", "location": "DC1",
    "quantity": "120", "to_location": None, "unsellable": "4", "reason": "cycle count", "event_id": "e-1",
}  # fmt: skip
DISPATCH: dict[str, Any] = {
    "kind": "dispatched", "source": "wms1", "event_id": "d-1", "at": "2026-03-02T08:00:00Z", "shipment": "S-1", "carrier": "UPSN",
    "tracking": ["1Z1"], "location": "DC1", "order": {"order_id": "o-1"},
    "lines": [{"line": "1", "sku": "WIDGET-A", "quantity": "24"}], "packages": [{"sscc": "00340123450000000018"}],
}  # fmt: skip
MILESTONE: dict[str, Any] = {
    "kind": "milestone", "source": "tms", "event_id": "m-1", "at": "2026-03-02T08:00:00Z", "carrier": "UPSN", "tracking": "1Z1",
    "code": "delivered", "place": {"city": "Albany", "country": "US"}, "eta": None,
}  # fmt: skip
INVOICE: dict[str, Any] = {
    "kind": "posted", "source": "finance", "event_id": "i-1", "at": "2026-03-02T08:00:00Z", "number": "INV-1",
    "order": {"number": "P-1001", "channel": "portal"}, "lines": [{"line": "1", "quantity": "24", "amount": "228.00"}],
    "tax": "18.24", "total": "246.24", "currency": "USD",
}  # fmt: skip
PRODUCT: dict[str, Any] = {
    "name": "Widget",
    "base_unit": "EA",
    "gtin": "4006381333931",
    "price": "9.50",
    "currency": "USD",
}
CART: dict[str, Any] = {
    "channel": "web",
    "cart": "c-1",
    "lines": [{"line": "1", "sku": "WIDGET-A", "quantity": "2"}],
}
