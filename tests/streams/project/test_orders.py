"""An order's read model is the same whatever the order in which its facts are projected."""

from __future__ import annotations

import random
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from schemas.generated import orders_v1
from schemas.loader import records
from streams.engine.effects import Message
from tests.streams.project.facts import AT, created, lines_changed, message, projected, status_changed, view, writes

SHIPPED = orders_v1.line_quantity(line="1", sku="WIDGET-A", quantity=10)


def shipment(seq: int, event: str, quantity: int = 10) -> Message:
    record = orders_v1.shipment_counted(
        order_id="o-1", seq=seq, shipment="S-1", event_id=event, at=AT, carrier="UPSN", tracking=["1Z"], location="DC1",
        lines=[{**SHIPPED, "quantity": quantity}],
    )  # fmt: skip
    return message("order.shipment.counted", record, offset=seq)


def milestone(seq: int, code: str) -> Message:
    record = orders_v1.milestone_counted(
        order_id="o-1", seq=seq, shipment="S-1", event_id=f"m-{seq}", code=code, at=AT, known_at=AT + 60_000
    )
    return message("order.milestone.counted", record, offset=seq)


def raised(seq: int) -> Message:
    record = orders_v1.exception_raised(
        order_id="o-1", seq=seq, exception_id="x-1", exception_class="item_unmapped", line="1"
    )
    return message("exception.raised", record, offset=seq)


def resolved(seq: int) -> Message:
    record = orders_v1.exception_resolved(order_id="o-1", seq=seq, exception_id="x-1", exception_class="item_unmapped")
    return message("exception.resolved", record, offset=seq)


def story() -> list[Message]:
    confirmed = orders_v1.order_confirmed(order_id="o-1", seq=5, erp="erp", erp_number="SO-77")
    return [
        created(1), raised(2), resolved(3), lines_changed(4, reserved=24), message("order.confirmed", confirmed, offset=5),
        status_changed(6, "confirmed", facets={"erp": "posted"}), lines_changed(7, released=14, shipped=10), shipment(8, "d-1"),
        milestone(9, "in_transit"), status_changed(10, "partially_shipped"),
    ]  # fmt: skip


def test_a_new_order_is_received() -> None:
    found = view(projected(created()))
    assert (found["status"], found["number"], found["customer"], found["receipt"]) == (
        "received",
        "P-1001",
        "7001",
        "R",
    )


def test_the_newest_headline_stands() -> None:
    assert (
        view(projected(created(1), status_changed(3, "confirmed"), status_changed(2, "accepted")))["status"]
        == "confirmed"
    )


def test_quantities_are_strings_and_the_newest_stand() -> None:
    line = view(projected(created(1), lines_changed(3, reserved=24), lines_changed(2, pending=24)))["lines"][0]
    assert (line["ordered"], line["pending"], line["reserved"]) == ("24", "0", "24")


def test_lines_stand_in_their_natural_order() -> None:
    lines = [orders_v1.line_state(line=name, sku="W", ordered=1) for name in ("10", "9", "A")]
    fact = orders_v1.order_accepted(order_id="o-1", seq=2, lines=lines)
    assert [line["line"] for line in view(projected(created(), message("order.accepted", fact)))["lines"]] == [
        "9",
        "10",
        "A",
    ]


def test_a_facet_told_alone_leaves_the_others() -> None:
    alone = orders_v1.order_facet_changed(order_id="o-1", seq=3, facet_seq=1, facets={"billing": "full"})
    found = view(
        projected(
            created(), status_changed(2, "shipped", facets={"erp": "posted"}), message("order.facet.changed", alone)
        )
    )
    assert found["facets"] == {"erp": "posted", "billing": "full"}


def test_the_erps_number_is_shown() -> None:
    assert view(projected(*story()))["erp"] == {"system": "erp", "number": "SO-77"}


def test_two_dispatches_of_one_shipment_are_one_shipment_with_both_lines() -> None:
    found = view(projected(created(), shipment(2, "d-1"), shipment(3, "d-2", 4)))["shipments"]
    assert [[line["quantity"] for line in one["lines"]] for one in found] == [["10", "4"]]


def test_milestones_stand_in_the_order_in_which_they_became_known() -> None:
    found = view(projected(created(), shipment(2, "d-1"), milestone(10, "delivered"), milestone(9, "in_transit")))[
        "shipments"
    ][0]
    assert [one["code"] for one in found["milestones"]] == ["in_transit", "delivered"]


def test_an_invoice_is_shown_with_its_total_as_text() -> None:
    fact = orders_v1.invoice_counted(
        order_id="o-1",
        seq=2,
        kind="posted",
        invoice="INV-1",
        event_id="i-1",
        at=AT,
        currency="USD",
        total=Decimal("246.24"),
    )
    assert view(projected(created(), message("order.invoice.counted", fact)))["invoices"][0]["total"] == "246.24"


def test_only_open_exceptions_are_shown() -> None:
    assert view(projected(created(), raised(2)))["exceptions"][0]["class"] == "item_unmapped"
    assert view(projected(created(), raised(2), resolved(3)))["exceptions"] == []


def test_a_resolved_exception_does_not_open_again_when_its_raising_is_projected_late() -> None:
    assert view(projected(created(), resolved(3), raised(2)))["exceptions"] == []


def test_an_order_is_found_by_its_number() -> None:
    assert list(projected(created()).hashes["number:acme:portal:P-1001"]) == [b"o-1"]


def test_the_version_is_that_of_the_newest_fact() -> None:
    assert view(projected(*story()))["version"] == 10


def test_the_timeline_holds_every_fact_once_in_sequence() -> None:
    entries = projected(*story(), *story()).members("timeline:acme:o-1")
    assert [entry["seq"] for entry in entries] == list(range(1, 11))


def test_a_timeline_entry_tells_when_it_happened_and_when_it_was_known() -> None:
    entry = projected(created(), milestone(2, "delivered")).members("timeline:acme:o-1")[1]
    assert (entry["at"], entry["known_at"]) == ("2026-03-02T08:00:00.000Z", "2026-03-02T08:01:00.000Z")


def test_no_name_or_address_reaches_the_read_models() -> None:
    assert not any(b"Ada" in (write.value or b"") for write in writes(created()))


def test_every_fact_of_an_order_has_a_place_in_its_timeline() -> None:
    told = [record for record in records().values() if record.topic == "orders.events"]
    kinds = [record for record in told if not record.type.startswith("cart.")]  # a cart is no order, and has none
    assert kinds and all({"order_id", "seq"} <= {field["name"] for field in record.raw["fields"]} for record in kinds)


@given(st.randoms(use_true_random=False))
def test_the_order_of_projection_does_not_matter(dice: random.Random) -> None:
    facts = story() + story()
    dice.shuffle(facts)
    assert view(projected(*facts)) == view(projected(*story()))
