"""A day at the gateway with every agent behind it: what is sent over HTTP is what can be read over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from adapters.gateway.models import answers
from tests.adapters.gateway.bodies import COUNT, LINE, ORDER
from tests.support.harbour import Harbour, harbour
from tests.support.redis import Server

PORTAL = {"channel": "portal", "numbers_own_orders": True, "currency": "USD", "default_unit": "EA"}
GTIN = "4006381333931"


@pytest.fixture
def port(redis_server: Server) -> Iterator[Harbour]:
    """A portal, a product, and 120 of it on a shelf, 4 of them not to be sold."""
    with harbour(redis_server) as opened:
        opened.ask("PUT", "/v1/reference/locations/DC1", json={"name": "Warehouse"})
        opened.ask("PUT", "/v1/reference/partners/portal", json=PORTAL)
        opened.ask("PUT", "/v1/reference/customers/7001", json={"name": "Customer"})
        opened.ask("PUT", "/v1/reference/products/WIDGET-A", json={"name": "Widget", "gtin": GTIN})
        opened.ask("POST", "/v1/inventory/events", json=COUNT)
        opened.desk.caught_up(partition=0)
        yield opened


def order(port: Harbour, order_id: str) -> Any:
    found = port.ask("GET", f"/v1/orders/{order_id}")
    answers.OrderAnswer.model_validate(found)
    return found


def dispatched(port: Harbour, order_id: str) -> None:
    """Warehouse and carrier report the parcel, finance the bill."""
    parcel = {
        "kind": "dispatched",
        "source": "wms1",
        "event_id": "d-1",
        "at": "2026-03-02T07:57:00Z",
        "shipment": "S-1",
        "carrier": "UPSN",
        "tracking": ["1Z1"],
        "location": "DC1",
    }
    lines = [{"line": "1", "sku": "WIDGET-A", "quantity": "24"}]
    port.ask("POST", "/v1/shipments/events", json={**parcel, "order": {"order_id": order_id}, "lines": lines})
    step = {
        "kind": "milestone",
        "source": "tms",
        "event_id": "m-1",
        "at": "2026-03-02T07:58:00Z",
        "carrier": "UPSN",
        "tracking": "1Z1",
        "code": "delivered",
    }
    port.ask("POST", "/v1/shipments/events", json=step)
    bill = {
        "kind": "posted",
        "source": "finance",
        "event_id": "i-1",
        "at": "2026-03-02T07:59:00Z",
        "number": "INV-1",
        "order": {"order_id": order_id},
    }
    port.ask(
        "POST",
        "/v1/invoices/events",
        json={
            **bill,
            "lines": [{"line": "1", "quantity": "24", "amount": "228.00"}],
            "total": "228.00",
            "currency": "USD",
        },
    )


def test_a_count_is_what_may_be_promised(port: Harbour) -> None:
    found = port.ask("GET", "/v1/availability/WIDGET-A?channel=portal")
    answers.AvailabilityAnswer.model_validate(found)
    assert (found["quantity"], found["status"], found["locations"]) == (
        "116",
        "in_stock",
        [{"location": "DC1", "free": "116"}],
    )


def test_an_order_is_reserved_posted_and_released(port: Harbour) -> None:
    placed = port.place(ORDER, "k-1")
    found = order(port, placed["order_id"])
    assert (found["number"], found["status"], found["erp"]["number"]) == ("P-1001", "released", "SO-1")
    assert (found["lines"][0]["ordered"], found["lines"][0]["released"]) == ("24", "24")
    assert port.posted == [placed["order_id"]]


def test_its_receipt_is_accepted_and_names_it(port: Harbour) -> None:
    placed = port.place(ORDER, "k-1")
    found = port.ask("GET", f"/v1/receipts/{placed['receipt']}")
    answers.ReceiptAnswer.model_validate(found)
    assert (found["state"], found["orders"]) == ("accepted", [placed["order_id"]])


def test_a_writer_reads_its_own_write(port: Harbour) -> None:
    placed = port.place(ORDER, "k-1")
    assert port.ask("GET", f"/v1/orders/{placed['order_id']}?at_least={placed['receipt']}")["number"] == "P-1001"


def test_what_is_sold_can_no_longer_be_promised(port: Harbour) -> None:
    port.place(ORDER, "k-1")
    assert port.ask("GET", "/v1/availability/WIDGET-A?channel=portal")["quantity"] == "92"


def test_a_product_is_found_by_its_other_number(port: Harbour) -> None:
    placed = port.place({**ORDER, "lines": [{**LINE, "product": {"gtin": GTIN}}]}, "k-1")
    assert order(port, placed["order_id"])["lines"][0]["sku"] == "WIDGET-A"


def test_the_same_order_under_another_key_is_one_order(port: Harbour) -> None:
    first, again = port.place(ORDER, "k-1"), port.place(ORDER, "k-2")
    told = port.ask("GET", f"/v1/receipts/{again['receipt']}")
    assert first["order_id"] == again["order_id"]
    assert (told["state"], told["orders"], told["parts"][0]["event"]) == (
        "accepted",
        [first["order_id"]],
        "order.repeated",
    )
    assert len(port.posted) == 1


def test_an_order_is_followed_to_its_bill(port: Harbour) -> None:
    placed = port.place(ORDER, "k-1")
    dispatched(port, placed["order_id"])
    found = order(port, placed["order_id"])
    assert (found["status"], found["lines"][0]["delivered"], found["lines"][0]["invoiced"]) == ("completed", "24", "24")
    assert (found["shipments"][0]["tracking"], found["invoices"][0]["number"]) == (["1Z1"], "INV-1")


def test_the_receipts_of_facts_are_decided_too(port: Harbour) -> None:
    placed = port.place(ORDER, "k-1")
    dispatched(port, placed["order_id"])
    receipts = [stored["receipt"] for stored in port.desk.log.documents()]
    states = [port.ask("GET", f"/v1/receipts/{receipt}")["state"] for receipt in receipts]
    assert states == ["accepted"] * len(receipts)


def test_the_same_count_again_is_decided_too(port: Harbour) -> None:
    again = port.ask("POST", "/v1/inventory/events", json=COUNT)
    assert port.ask("GET", f"/v1/receipts/{again['receipt']}")["state"] == "accepted"


def test_the_timeline_is_dense_and_tells_the_whole_story(port: Harbour) -> None:
    placed = port.place(ORDER, "k-1")
    dispatched(port, placed["order_id"])
    entries = port.ask("GET", f"/v1/orders/{placed['order_id']}/timeline")["entries"]
    answers.TimelineAnswer.model_validate({"entries": entries})
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    assert {"order.created", "order.confirmed", "order.released", "order.shipment.counted", "order.completed"} <= {
        entry["event"] for entry in entries
    }


def test_the_feed_tells_each_status_without_gaps(port: Harbour) -> None:
    placed = port.place(ORDER, "k-1")
    dispatched(port, placed["order_id"])
    page = port.ask("GET", "/v1/channels/portal/feed?after=0&limit=1000")
    answers.FeedAnswer.model_validate(page)
    told = [entry["data"]["status"] for entry in page["entries"] if entry["type"] == "order.status.changed"]
    assert page["complete"] and [entry["seq"] for entry in page["entries"]] == list(range(1, page["head"] + 1))
    assert told[-1] == "completed"


def test_a_view_of_releases_hears_of_releases_only(port: Harbour) -> None:
    port.ask(
        "PUT",
        "/v1/channels/wms/subscriptions/releases",
        json={"url": "", "types": ["order.released"], "sources": ["*"]},
    )
    port.place(ORDER, "k-1")
    page = port.ask("GET", "/v1/channels/wms/feed?view=releases")
    assert [entry["type"] for entry in page["entries"]] == ["order.released"]


def test_a_cancelled_order_gives_its_stock_back(port: Harbour) -> None:
    port.ask("PUT", "/v1/reference/partners/portal", json={**PORTAL, "release": "hold"})
    placed = port.place(ORDER, "k-1")
    told = port.ask("POST", f"/v1/orders/{placed['order_id']}/cancel", json={"reason": "changed my mind"})
    assert port.ask("GET", f"/v1/receipts/{told['receipt']}")["state"] == "accepted"
    assert order(port, placed["order_id"])["status"] == "cancelled"
    assert port.ask("GET", "/v1/availability/WIDGET-A?channel=portal")["quantity"] == "116"


def test_an_unknown_product_is_an_exception_that_resolving_ends(port: Harbour) -> None:
    placed = port.place({**ORDER, "lines": [{**LINE, "product": {"customer_part": "X-9"}}]}, "k-1")
    assert order(port, placed["order_id"])["exceptions"][0]["class"] == "item_unmapped"
    port.ask("PUT", "/v1/reference/cross-references/buyer_part||X-9", json={"sku": "WIDGET-A"})
    port.ask("POST", f"/v1/orders/{placed['order_id']}/resolve")
    found = order(port, placed["order_id"])
    assert (found["exceptions"], found["status"], found["lines"][0]["sku"]) == ([], "released", "WIDGET-A")


def test_a_document_that_cannot_be_read_is_rejected_with_its_reason(port: Harbour) -> None:
    told = port.ask(
        "POST", "/v1/channels/edi/documents", headers={"Content-Type": "application/edi-x12"}, content=b"ISA*broken"
    )
    found = port.ask("GET", f"/v1/receipts/{told['receipt']}")
    assert found["state"] == "rejected" and found["problems"][0]["code"].startswith("WH")


def test_redis_emptied_and_projected_again_says_the_same(port: Harbour) -> None:
    placed = port.place(ORDER, "k-1")
    before = order(port, placed["order_id"])
    port.desk.sink.client.flushall()
    topics = (
        "channel.documents",
        "channel.receipts",
        "orders.events",
        "inventory.events",
        "inventory.availability",
        "channels.feed",
    )
    port.desk.project(*(message for topic in topics for message in port.topology.log(topic)))
    assert order(port, placed["order_id"]) == before
    assert port.ask("GET", "/v1/channels/portal/feed")["complete"]
