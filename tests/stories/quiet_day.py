"""A day on which nothing goes wrong and nobody hurries: every step is over before the next begins.

So its outcome hangs on no race, and its facts are the same wherever it is played. Every request has its key, every order
one SKU, and no webhook is tried: an endpoint's address would differ from place to place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schemas.identity import order_id
from tests.stories import given
from tests.stories.given import SKU
from tests.stories.places.place import Json, Place

SCREW, NUT = "SCREW-1", "NUT-1"
UNKNOWN_PART = "NEW-7"
EARLIER = ("2026-03-02T06:10:00Z", "2026-03-02T06:20:00Z", "2026-03-02T06:30:00Z", "2026-03-02T06:40:00Z")
SHIPPED, UNDER_WAY, DELIVERED, BILLED = EARLIER
EDI = {"Content-Type": "application/edi-x12"}
JSON = {"Content-Type": "application/json"}
PORTAL, FIELD, RETX, SHORT, CANCELLED, PARKED, EARLY = (
    order_id("acme", party, number)
    for party, number in (
        ("portal", "Q-1"), ("field", "Q-2"), ("RETX", "4500018"), ("portal", "Q-4"), ("portal", "Q-5"), ("portal", "Q-6"),
        ("field", "Q-7"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """One request, under a key of its own."""

    key: str
    method: str
    path: str
    body: Any
    headers: Json


def script() -> list[Request]:
    """All requests of the day, in their order."""
    told = enumerate(
        (*_references(), *_stock(), *_orders(), *_cancels_and_resolves(), *_goods(), *_bills(), *_bundles()), 1
    )
    return [
        Request(f"q-{number:02}", method, path, body, JSON if isinstance(body, dict | list) else EDI)
        for number, (method, path, body) in told
    ]


def play(place: Place) -> None:
    """Ask, wait until all that follows has followed, ask the next."""
    for number, request in enumerate(script(), 1):
        place.at(number / 600)  # versions of reference data are times, and these are in no document
        body = {"content": request.body} if isinstance(request.body, bytes) else {"json": request.body}
        headers = {**request.headers, "X-Correlation-Id": request.key}
        answer = place.ask(request.method, request.path, key=request.key, headers=headers, **body)
        assert answer.status_code == 202, f"{request.key}: {answer.text}"
        place.settle()


Step = tuple[str, str, Any]


def _references() -> Iterator[Step]:
    for kind, key, record in given.reference_data():
        yield "PUT", f"/v1/reference/{kind}/{key}", record
    for sku in (SCREW, NUT):
        yield "PUT", f"/v1/reference/products/{sku}", {"name": sku, "base_unit": "EA"}
    yield "PUT", "/v1/reference/locations/DC1", {"name": "Distribution centre, renamed", "priority": 1}
    everything: Json = {"types": ["order.*", "shipment.*", "invoice.*", "exception.*"], "sources": ["*"]}
    yield "PUT", "/v1/channels/analytics/subscriptions/all", everything


def _bundles() -> Iterator[Step]:
    """Of one component: what two say at once comes in one order here and in another one there."""
    yield "PUT", "/v1/reference/products/SET-1", {"components": [{"sku": SCREW, "quantity": 2}]}


def _stock() -> Iterator[Step]:
    events = "/v1/inventory/events"
    yield "POST", events, given.count("wms1", "DC1", 120, unsellable="4")
    yield "POST", events, given.count("erp", "YARD", 40)
    yield "POST", events, given.count("erp", "DC1", 118)
    yield (
        "POST",
        events,
        [given.count("wms1", "DC1", 10, sku=SCREW), given.count("wms1", "YARD", 5, sku=SCREW, event_id="y")],
    )
    yield "POST", events, given.count("wms1", "DC1", 3, sku=NUT)


def _orders() -> Iterator[Step]:
    portal = given.order("portal", "Q-1", "7001", 24, "EA", "9.50")
    yield "POST", "/v1/orders", portal
    yield "POST", "/v1/orders", portal  # the same order under another key
    yield "POST", "/v1/orders", given.order("portal", "Q-1", "7001", 25, "EA", "9.50")  # a suspect
    yield "POST", "/v1/orders", given.order("field", "Q-2", "7002", 2, "DZN", "132.00")
    yield "POST", "/v1/channels/edi/documents", given.purchase_order("4500018", 102, 3)
    yield "POST", "/v1/channels/edi/documents", given.purchase_order("4500018", 102, 3)
    yield "POST", "/v1/channels/edi/documents", given.purchase_order("4500019", 103, 3).replace(b"SE*8", b"SE*9")
    yield "POST", "/v1/channels/edi/documents", b"ISA*broken"
    yield "POST", "/v1/orders", given.order("portal", "Q-3", "9999", 5, "EA", "9.50")  # a blocked account
    yield "POST", "/v1/orders", given.order("portal", "Q-4", "7001", 7, "EA", "1.00", sku=NUT)  # four too many
    yield "POST", "/v1/inventory/events", _received(NUT, 5)
    whole = given.order("portal", "Q-8", "7001", 15, "EA", "1.00", sku=SCREW)
    yield "POST", "/v1/orders", {**whole, "ship_complete": True}
    yield "POST", "/v1/orders", given.order("portal", "Q-9", "7001", 1, "EA", "1.00", sku=SCREW)  # none is left


def _received(sku: str, quantity: int) -> Json:
    said = {"kind": "received", "source": "wms1", "sequence": 2, "as_of": SHIPPED, "sku": sku, "location": "DC1"}
    return {**said, "quantity": str(quantity)}


def _cancels_and_resolves() -> Iterator[Step]:
    yield "POST", "/v1/orders", given.order("portal", "Q-5", "7001", 6, "EA", "9.50")
    yield "POST", f"/v1/orders/{CANCELLED}/cancel", {"reason": "a part", "lines": [{"line": "1", "quantity": "2"}]}
    yield "POST", f"/v1/orders/{CANCELLED}/cancel", {"reason": "changed my mind"}
    yield "POST", "/v1/orders", given.order("portal", "Q-6", "7001", 1, "EA", "9.50", customer_part=UNKNOWN_PART)
    yield "PUT", f"/v1/reference/cross-references/buyer_part|portal|{UNKNOWN_PART}", {"sku": SKU}
    yield "POST", f"/v1/orders/{PARKED}/resolve", {}


def _goods() -> Iterator[Step]:
    events = "/v1/shipments/events"
    yield "POST", "/v1/orders", given.order("field", "Q-7", "7002", 2, "EA", "11.00")
    yield "POST", events, given.milestone("S-7", "in_transit", UNDER_WAY)  # before anybody knows the parcel
    yield "POST", events, given.dispatch(EARLY, "S-7", "DC1", 2, SHIPPED)
    yield "POST", events, given.dispatch(PORTAL, "S-1", "DC1", 24, SHIPPED)
    yield "POST", events, given.dispatch(PORTAL, "S-1", "DC1", 24, SHIPPED)  # the same event again
    yield "POST", events, given.dispatch(FIELD, "S-2", "YARD", 24, SHIPPED)
    yield "POST", events, given.dispatch(RETX, "S-3", "DC1", 12, SHIPPED)  # a part
    yield "POST", events, given.dispatch(SHORT, "S-4", "DC1", 7, SHIPPED, sku=NUT)
    for shipment in ("S-1", "S-2"):
        yield "POST", events, given.milestone(shipment, "delivered", DELIVERED)
        yield "POST", events, given.milestone(shipment, "in_transit", UNDER_WAY)  # late


def _bills() -> Iterator[Step]:
    yield "POST", "/v1/invoices/events", given.invoice(PORTAL, "INV-1", 24, "228.00", "18.24", "246.24", BILLED)
    yield "POST", "/v1/invoices/events", given.invoice(FIELD, "INV-2", 24, "264.00", "21.12", "285.12", BILLED)
    yield "POST", "/v1/invoices/events", given.invoice("nobody", "INV-3", 1, "1.00", "0.00", "1.00", BILLED)
