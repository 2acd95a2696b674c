from __future__ import annotations

from typing import Any

from schemas.generated.shipments_v1 import (
    claim_line,
    fact_parked,
    fact_unparked,
    milestone_recorded,
    order_reference,
    references_claimed,
    shipment_dispatched,
    shipped_line,
)
from tables.rows import DictRows
from tables.shipments import apply
from tables.shipments.apply import lines_of


def rows_after(*told: tuple[str, Any]) -> DictRows:
    rows = DictRows()
    for kind, record in told:
        rows.put(apply(kind, record, rows))
    return rows


def claimed(*lines: tuple[str, str, int], **more: Any) -> tuple[str, Any]:
    told = [claim_line(line=line, sku=sku, quantity=quantity) for line, sku, quantity in lines]
    return "shipment.references.claimed", references_claimed(order_id="O-1", channel="portal", lines=told, **more)


def dispatched(*lines: tuple[str, int], part: str = "p1", **more: Any) -> tuple[str, Any]:
    left = [shipped_line(line=line, quantity=quantity) for line, quantity in lines]
    fact = {
        "order_id": "O-1",
        "shipment": "S-1",
        "event_id": "e",
        "source": "wms",
        "at": 5,
        "fact_id": part,
        "lines": left,
        **more,
    }
    return "shipment.dispatched", shipment_dispatched(**fact)


def step(code: str, at: int, **more: Any) -> tuple[str, Any]:
    told = {
        "order_id": "O-1",
        "shipment": "S-1",
        "event_id": "m",
        "source": "tms",
        "code": code,
        "at": at,
        "known_at": 9,
        "fact_id": code,
        **more,
    }
    return "shipment.milestone.recorded", milestone_recorded(**told)


def test_a_claim_leads_from_each_number_to_the_order() -> None:
    rows = rows_after(claimed(references=[order_reference(kind="po", value="47|11", party="RETX")], customer="7001"))
    assert rows.rows["ref|po|47%7C11|RETX|O-1"]["order_id"] == "O-1"
    assert rows.rows["order|O-1"]["references"] == ["po:47|11"]


def test_ten_lines_and_more_keep_the_orders_sequence() -> None:
    rows = rows_after(claimed(*((str(number), "WIDGET", 1) for number in range(1, 13))))
    assert [line["line"] for line in lines_of("O-1", rows)] == [str(number) for number in range(1, 13)]


def test_what_left_is_added_up_per_line() -> None:
    rows = rows_after(
        claimed(("1", "WIDGET", 24)), dispatched(("1", 4), ("1", 2)), dispatched(("1", 3), ("9", 1), part="p2")
    )
    assert [line["shipped"] for line in lines_of("O-1", rows)] == [9]


def test_a_second_part_adds_its_parcels_and_the_earlier_time_stays() -> None:
    rows = rows_after(claimed(), dispatched(tracking=["T1"]), dispatched(part="p2", at=3, tracking=["T1", "T2"]))
    shipment = rows.rows["shipment|S-1|O-1"]
    assert (shipment["tracking"], shipment["parts"], shipment["at"]) == (["T1", "T2"], ["p1", "p2"], 3)


def test_a_step_that_ends_the_leg_closes_the_shipment() -> None:
    rows = rows_after(claimed(), dispatched(), step("in_transit", 6))
    assert rows.rows["shipment|S-1|O-1"]["closed"] is False
    rows.put(apply(*step("delivered", 7), rows))
    assert rows.rows["shipment|S-1|O-1"]["closed"] is True


def test_a_derived_step_is_no_report() -> None:
    rows = rows_after(claimed(), dispatched(), step("delivered", 7, derived=True))
    assert not [name for name in rows.rows if name.startswith(("step|", "event|tms"))]
    assert rows.rows["shipment|S-1|O-1"]["code"] == "delivered"


def test_a_parked_fact_is_found_under_each_reference_until_it_is_joined() -> None:
    parked = fact_parked(
        parked_id="x",
        kind="invoice",
        reason="no-match",
        references=["po:1", "number:2"],
        body=b"",
        event_id="e",
        source="f",
    )
    rows = rows_after(("shipment.parked", parked))
    assert sorted(rows.rows) == ["event|f|invoice|e", "parked|x", "waiting|number:2|x", "waiting|po:1|x"]
    rows.put(apply("shipment.unparked", fact_unparked(parked_id="x", outcome="overdue"), rows))
    assert rows.rows["parked|x"]["overdue"] is True
    rows.put(apply("shipment.unparked", fact_unparked(parked_id="x", outcome="joined"), rows))
    assert sorted(rows.rows) == ["event|f|invoice|e"]
