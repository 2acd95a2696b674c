"""In which words a view hears of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from schemas.canonical import canonical
from schemas.generated import orders_v1, shipments_v1
from tests.streams.notify.news import AT, Town, availability, entry, line, milestone, refusal, status


def order(**more: Any) -> dict[str, Any]:
    """What every fact of the order says."""
    return {"order_id": "O-1", "seq": 9, "number": "P-1001", "channel": "portal", **more}


def test_a_status_says_order_number_status_version_and_lines() -> None:
    told = Town().told("order.status.changed", status())
    assert {name: told[name] for name in ("order_id", "number", "status", "previous_status", "version")} == {
        "order_id": "O-1",
        "number": "P-1001",
        "status": "confirmed",
        "previous_status": "accepted",
        "version": 7,
    }


def test_quantities_are_texts_with_their_unit() -> None:
    (told,) = Town().told("order.status.changed", status())["lines"]
    assert (told["ordered"], told["reserved"], told["shipped"], told["unit"]) == ("24", "24", "0", "EA")


def test_the_line_of_the_feed_has_the_names_of_the_orders_page() -> None:
    (told,) = Town().told("order.status.changed", status())["lines"]
    assert set(told) >= {
        "line", "sku", "unit", "ordered", "rejected", "cancelled", "substituted", "pending", "backordered", "reserved",
        "released", "shipped", "delivered", "returned", "invoiced",
    }  # fmt: skip


def test_a_rejection_says_why() -> None:
    assert (
        Town().told("order.status.changed", status("rejected", reason="account_blocked"))["reason"] == "account_blocked"
    )


def test_a_change_of_facets_says_which() -> None:
    changed = orders_v1.order_facet_changed(**order(facet_seq=1, facets={"billing": "full"}, version=8))
    told = Town().told("order.facet.changed", changed)
    assert (told["facets"], told["version"]) == ({"billing": "full"}, 8)


def test_a_cancellation_says_what_was_cancelled_and_what_could_not_be() -> None:
    part = orders_v1.line_quantity(line="1", sku="WIDGET-A", quantity=4)
    gone = orders_v1.order_cancelled(**order(reason="too late", lines=[part], refused=[part], whole=False))
    told = Town().told("order.cancelled", gone)
    assert told["lines"] == told["refused"] == [{"line": "1", "sku": "WIDGET-A", "quantity": "4"}]


def test_an_exception_says_its_class_and_place() -> None:
    raised = orders_v1.exception_raised(
        **order(exception_id="x", exception_class="item_unmapped", cause="payload", detail="RX-100", line="1")
    )
    told = Town().told("exception.raised", raised)
    assert (told["exception_class"], told["line"], told["detail"]) == ("item_unmapped", "1", "RX-100")


def test_a_change_of_the_order_says_its_lines_and_nothing_personal() -> None:
    changed = orders_v1.order_changed(**order(revision=2, lines=[line(ordered=3, pending=3)], content=None))
    assert set(Town().told("order.changed", changed)) == {
        "order_id",
        "number",
        "channel",
        "version",
        "lines",
        "revision",
    }


def test_a_created_order_says_only_which_it_is() -> None:
    created = order(personal=b"secret", personal_key="k", content={"parties": ["Ann"]}, received_at=AT)
    told = Town().subscribe("crm", "order.*").told("order.created", created)
    assert told == {"order_id": "O-1", "number": "P-1001", "channel": "portal", "version": 9}


def test_a_step_of_a_shipment_says_what_where_and_when() -> None:
    told = Town().told("shipment.milestone.recorded", milestone())
    assert told == {
        "order_id": "O-1",
        "channel": "portal",
        "shipment": "S-1",
        "code": "in_transit",
        "city": "Graz",
        "at": "2026-03-02T08:00:00.000Z",
        "eta": "2026-03-02T08:00:00.000Z",
    }


def test_a_dispatch_says_what_left() -> None:
    left = shipments_v1.shipment_dispatched(
        order_id="O-1",
        channel="portal",
        shipment="S-1",
        event_id="e",
        at=AT,
        tracking=["1Z"],
        lines=[shipments_v1.shipped_line(line="1", sku="WIDGET-A", quantity=24)],
    )
    told = Town().subscribe("crm", "shipment.*").told("shipment.dispatched", left)
    assert (told["tracking"], told["lines"][0]["quantity"]) == (["1Z"], "24")


def test_an_invoice_says_its_amounts_as_decimal_text() -> None:
    posted = shipments_v1.invoice_posted(
        order_id="O-1",
        channel="portal",
        kind="posted",
        number="INV-1",
        event_id="e",
        at=AT,
        total=Decimal("246.24"),
        tax=Decimal("18.240"),
        currency="USD",
        lines=[shipments_v1.invoiced_line(line="1", quantity=24, amount=Decimal("228.00"))],
    )
    told = Town().told("invoice.posted", posted)
    assert (told["total"], told["tax"], told["lines"][0]) == (
        "246.24",
        "18.240",
        {"line": "1", "quantity": "24", "amount": "228.00"},
    )


def test_a_refused_document_says_why_and_where() -> None:
    told = Town().told("document.normalized", refusal("bad unit"))
    assert told["problems"] == [{"code": "WH1203", "message": "bad unit", "pointer": "PO1[3]/02"}]


def test_a_document_with_a_thousand_problems_names_fifty_and_counts_the_rest() -> None:
    told = Town().told("document.normalized", refusal(*map(str, range(1_000))))
    assert (len(told["problems"]), told["problem_count"]) == (50, 1_000)


def test_availability_is_said_in_the_words_of_the_channel() -> None:
    told = Town().subscribe("stock", "availability.*").told("availability.changed", availability(110))
    assert (told["sku"], told["quantity"], told["status"], told["version"]) == ("WIDGET-A", "110", "in_stock", 841)


def test_a_channel_without_rules_of_its_own_hears_the_default_quantity() -> None:
    town = Town().subscribe("stock", "availability.*", channel="field")
    assert town.told("availability.changed", availability())["quantity"] == "90"


def test_a_test_document_is_marked() -> None:
    assert Town().told("order.status.changed", status(), disposition="test")["disposition"] == "test"


def test_a_live_one_is_not() -> None:
    assert "disposition" not in Town().told("order.status.changed", status())


def test_entries_of_one_order_are_kept_in_order_by_its_version() -> None:
    told = entry(Town().happens("order.status.changed", status()).asks[0])
    assert (told["order_key"], told["version"], told["source_id"], told["at"]) == ("O-1", 9, "event-1", AT)


def test_entries_of_one_sku_are_kept_in_order_by_its_version() -> None:
    told = entry(Town().subscribe("s", "availability.*").happens("availability.changed", availability()).asks[0])
    assert (told["order_key"], told["version"]) == ("sku/WIDGET-A", 841)


def test_what_is_told_is_canonical_json() -> None:
    town = Town()
    told = entry(town.happens("order.status.changed", status()).asks[0])
    assert told["data"] == canonical(town.told("order.status.changed", status()))


def test_the_same_fact_is_told_the_same_way_again() -> None:
    town = Town().subscribe("crm")
    assert town.happens("order.status.changed", status()) == town.happens("order.status.changed", status())
