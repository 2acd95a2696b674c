"""Orders as documents, in the form each channel's real ones have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from ops.demo.orders import Line, Order
from ops.demo.world import CASE, RETAILER

PLACES = (("Springfield", "01103"), ("Albany", "12203"), ("Hartford", "06103"))


def http_order(order: Order, at: datetime) -> dict[str, Any]:
    """The body of POST /v1/orders; marketplaces name products by GTIN, the others by SKU."""
    city, postal_code = PLACES[hash_of(order.number) % len(PLACES)]
    return {
        "channel": order.channel,
        "number": order.number,
        "customer": order.customer,
        "currency": "USD",
        "ordered_at": at.isoformat(),
        "ship_complete": order.ship_complete,
        "ship_to": {
            "name": f"Depot {order.customer}",
            "street": ["1 Harbour Road"],
            "city": city,
            "postal_code": postal_code,
            "country": "US",
        },
        "lines": [_http_line(order, line, index) for index, line in enumerate(order.lines, start=1)],
    }


def _http_line(order: Order, line: Line, index: int) -> dict[str, Any]:
    product = {"gtin": line.item.gtin} if order.channel == "market" else {"sku": line.item.sku}
    return {
        "line": str(index),
        "product": product,
        "quantity": str(line.quantity),
        "unit": "EA",
        "price": line.item.price,
    }


def interchange(batch: Sequence[Order], control: int, at: datetime) -> bytes:
    """One X12 interchange with an 850 per order, version 004010, as the retailer sends it."""
    day, time = at.strftime("%y%m%d"), at.strftime("%H%M")
    head = [
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{RETAILER:15}*ZZ*{'WHARF':15}*{day}*{time}*U*00401*{control:09d}*0*P*>",
        f"GS*PO*{RETAILER}*WHARF*20{day}*{time}*{control}*X*004010",
    ]
    body = [
        segment for index, order in enumerate(batch, start=1) for segment in _purchase_order(order, f"{index:04d}", day)
    ]
    tail = [f"GE*{len(batch)}*{control}", f"IEA*1*{control:09d}"]
    return "".join(f"{segment}~\n" for segment in (*head, *body, *tail)).encode()


def _purchase_order(order: Order, control: str, day: str) -> list[str]:
    lines = [_po1(line, index) for index, line in enumerate(order.lines, start=1)]
    pieces = sum(line.quantity for line in order.lines)
    body = [
        f"BEG*00*SA*{order.number}**20{day}",
        "CUR*BY*USD",
        f"REF*IA*{order.customer}",
        f"N1*BY*Retail Example*92*{order.customer}",
        f"N1*ST*RETX STORE {order.customer[-2:]}*92*00{order.customer[-2:]}",
        "N3*12 Market Street",
        "N4*SPRINGFIELD*MA*01103*US",
        *lines,
        f"CTT*{len(lines)}*{pieces}",
    ]
    return [f"ST*850*{control}", *body, f"SE*{len(body) + 2}*{control}"]


def _po1(line: Line, index: int) -> str:
    unit, price = ("CA", str(CASE * Decimal(line.item.price))) if line.cases else ("EA", line.item.price)
    gtin13 = line.item.gtin.lstrip("0").rjust(13, "0")
    return f"PO1*{index}*{line.quantity}*{unit}*{price}**BP*{line.item.retailer_part}*EN*{gtin13}"


def hash_of(text: str) -> int:
    """A small number that is the same in every process."""
    return sum(text.encode())
