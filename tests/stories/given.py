"""The world of the stories: what is on the shelves, who orders, who listens, and their documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.stories.places.place import Json, Place

SKU, GTIN, BUYER_PART = "WIDGET-A", "05412345000013", "RX-100"
CHANNELS = ("portal", "edi", "field")  # RETX orders by edi
T = "2026-03-02T08:00:00Z"
PARTNERS: dict[str, Json] = {
    "portal": {"channel": "portal", "numbers_own_orders": True, "currency": "USD"},
    "field": {"channel": "field", "numbers_own_orders": True, "currency": "USD"},
    "RETX": {"channel": "edi", "identifiers": ["ZZ:RETX"], "currency": "USD"},
}
CUSTOMERS: dict[str, Json] = {
    "7001": {"name": "A depot"},
    "7002": {"name": "A farm"},
    "9999": {"name": "Blocked", "status": "blocked"},
}
LOCATIONS: dict[str, Json] = {
    "DC1": {"name": "Distribution centre", "priority": 1},
    "YARD": {"name": "Yard", "priority": 2},
}
PRODUCT: Json = {
    "name": "Widget", "gtin": GTIN, "base_unit": "EA",
    "units": [{"unit": "XCS", "numerator": 12}, {"unit": "DZN", "numerator": 12}],
    "safety": [{"location": "DC1", "safety": 6}],
    "channels": [{"channel": "field", "units": 10}],
    "authorities": {"DC1": "wms1", "YARD": "erp"},
}  # fmt: skip


def count(source: str, location: str, quantity: int, *, sku: str = SKU, **more: Any) -> Json:
    """A source says what stands at a location."""
    said = {"source": source, "sequence": 1, "as_of": T, "sku": sku, "location": location, "quantity": str(quantity)}
    return {"kind": "counted", **said, **more}


def order(channel: str, number: str, customer: str, quantity: int, unit: str, price: str, **product: str) -> Json:
    """An order of one line, as portal and app send it."""
    line = {"line": "1", "product": product or {"gtin": GTIN}, "quantity": str(quantity), "unit": unit, "price": price}
    ship_to = {"name": "Goods in", "street": ["1 Pier"], "city": "Oakland", "postal_code": "94607", "country": "US"}
    return {
        "channel": channel, "number": number, "customer": customer, "currency": "USD", "ordered_at": T,
        "ship_to": ship_to, "lines": [line],
    }  # fmt: skip


def purchase_order(number: str, control: int, cases: int) -> bytes:
    """An interchange of RETX with one 850: so many cases of its part."""
    segments = (
        f"ISA*00*          *00*          *ZZ*RETX           *ZZ*WHARF          *260302*0806*U*00401*{control:09}*0*P*>",
        f"GS*PO*RETX*WHARF*20260302*0806*{control}*X*004010", "ST*850*0001", f"BEG*00*SA*{number}**20260302",
        "CUR*BY*USD", "DTM*002*20260306", "N1*ST*RETX STORE 12*92*0012",
        f"PO1*1*{cases}*CA*109.2**BP*{BUYER_PART}*EN*{GTIN[1:]}",
        f"CTT*1*{cases}", "SE*8*0001", f"GE*1*{control}", f"IEA*1*{control:09}",
    )  # fmt: skip
    return "".join(f"{segment}~\n" for segment in segments).encode()


def dispatch(order_id: str, shipment: str, location: str, quantity: int, at: str, *, sku: str = SKU) -> Json:
    """A warehouse reports that goods left."""
    return {
        "kind": "dispatched", "source": f"wms-{location.lower()}", "event_id": f"d-{shipment}", "at": at,
        "shipment": shipment, "carrier": "UPSN", "tracking": [f"1Z{shipment}"], "location": location,
        "order": {"order_id": order_id}, "lines": [{"line": "1", "sku": sku, "quantity": str(quantity)}],
    }  # fmt: skip


def milestone(shipment: str, code: str, at: str) -> Json:
    """The carrier reports a step, by its tracking number alone."""
    said = {"kind": "milestone", "source": "tms", "event_id": f"m-{shipment}-{code}", "at": at}
    return {**said, "carrier": "UPSN", "tracking": f"1Z{shipment}", "code": code}


def invoice(order_id: str, number: str, quantity: int, amount: str, tax: str, total: str, at: str) -> Json:
    """Finance bills what was shipped."""
    lines = [{"line": "1", "quantity": str(quantity), "amount": amount}]
    return {
        "kind": "posted", "source": "finance", "event_id": f"i-{number}", "at": at, "number": number,
        "order": {"order_id": order_id}, "lines": lines, "tax": tax, "total": total, "currency": "USD",
    }  # fmt: skip


def reference_data() -> Iterator[tuple[str, str, Json]]:
    """Kind, key and record of everything that has to be known, locations before products: their rules rank them."""
    kinds = {"partners": PARTNERS, "customers": CUSTOMERS, "locations": LOCATIONS, "products": {SKU: PRODUCT}}
    for kind, records in kinds.items():
        for key, record in records.items():
            yield kind, key, record
    yield "cross-references", f"buyer_part|RETX|{BUYER_PART}", {"sku": SKU}


def accepted(place: Place, method: str, path: str, key: str, body: Any) -> Json:
    """A request that is taken; returns the answer's body."""
    answer = place.ask(method, path, key=key, json=body, headers={"X-Correlation-Id": key})
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


def decided(place: Place, receipt: str) -> Json:
    """The receipt, once everything of it is decided."""
    return place.until(
        lambda: place.ask("GET", f"/v1/receipts/{receipt}").json(),
        lambda seen: seen.get("state") not in (None, "received"),
    )
