from __future__ import annotations

import pytest

from tests.streams.shipments.dock import Dock, order_with_shipment


def told(dock: Dock, order: str | None = None) -> list[tuple[str, str]]:
    return [(fact["order_id"], fact["code"]) for fact in dock.told("order.milestone-fact", order)]


@pytest.mark.parametrize(
    "reference",
    [{"sscc": "0034 5"}, {"tracking": "1Z-9"}, {"shipment": "S-1"}, {"order_id": "O-1"}, {"number": "P-1@portal"}],
)
def test_a_milestone_finds_its_shipment_by_any_reference(reference: dict[str, str]) -> None:
    dock = order_with_shipment(packages=("00345",))
    dock.milestone("in_transit", "3T08:00", **reference)
    assert told(dock) == [("O-1", "in_transit")]


def test_the_carrier_is_part_of_a_tracking_number() -> None:
    dock = order_with_shipment()
    dock.milestone("in_transit", "3T08:00", tracking="1Z9", carrier="DHL")
    assert told(dock) == []
    assert dock.facts("shipment.parked")[0]["reason"] == "no-match"


def test_a_number_without_carrier_finds_a_unique_parcel() -> None:
    dock = order_with_shipment()
    dock.milestone("in_transit", "3T08:00", tracking="1Z9", carrier="")
    assert told(dock) == [("O-1", "in_transit")]


def test_an_order_with_two_open_shipments_names_neither() -> None:
    dock = order_with_shipment()
    dock.dispatch("S-2", "1 WIDGET 2", order_id="O-1")
    dock.milestone("delivered", "3T08:00", order_id="O-1")
    assert dock.facts("shipment.parked")[0]["reason"] == "ambiguous"
    assert told(dock) == []


def test_an_order_with_one_shipment_still_open_names_that_one() -> None:
    dock = order_with_shipment()
    dock.milestone("delivered", "3T08:00", order_id="O-1")
    dock.dispatch("S-2", "1 WIDGET 2", order_id="O-1")
    dock.milestone("in_transit", "3T09:00", order_id="O-1")
    assert [fact["shipment"] for fact in dock.told("order.milestone-fact")] == ["S-1", "S-2"]


def test_a_late_step_finds_an_order_whose_only_shipment_is_closed() -> None:
    dock = order_with_shipment()
    dock.milestone("delivered", "4T09:00", number="P-1@portal")
    dock.milestone("in_transit", "3T20:00", number="P-1@portal")
    assert [(fact["code"], fact["late"]) for fact in dock.told("order.milestone-fact")] == [
        ("delivered", False),
        ("in_transit", True),
    ]


def test_one_shipment_for_two_orders_tells_both() -> None:
    dock = order_with_shipment()
    dock.claim("O-2", "1 BOLT 5")
    dock.dispatch("S-1", "1 BOLT 5", tracking=("1Z9",), order_id="O-2")
    dock.milestone("delivered", "3T08:00", tracking="1Z9")
    assert told(dock) == [("O-1", "delivered"), ("O-2", "delivered")]


def test_an_order_that_joins_a_shipment_late_hears_what_it_has_had() -> None:
    dock = order_with_shipment()
    dock.milestone("in_transit", "3T08:00", tracking="1Z9")
    dock.milestone("delivered", "3T12:00", shipment="S-1")
    dock.claim("O-2", "1 BOLT 5")
    dock.dispatch("S-1", "1 BOLT 5", tracking=("1Z9",), order_id="O-2")
    assert told(dock, "O-2") == [("O-2", "in_transit"), ("O-2", "delivered")]


def test_a_step_told_by_an_orders_number_is_that_orders_alone() -> None:
    dock = order_with_shipment()
    dock.claim("O-2", "1 BOLT 5")
    dock.dispatch("S-1", "1 BOLT 5", order_id="O-2")
    dock.milestone("delivered", "3T08:00", order_id="O-1")
    assert told(dock) == [("O-1", "delivered")]


def test_a_shipment_of_two_parcels_is_delivered_when_both_are() -> None:
    dock = order_with_shipment(tracking=("T1", "T2"))
    dock.milestone("delivered", "3T08:00", tracking="T1")
    assert told(dock) == [("O-1", "delivered_partial")]
    dock.milestone("delivered", "4T08:00", tracking="T2")
    assert told(dock)[1:] == [("O-1", "delivered_partial"), ("O-1", "delivered")]
    assert dock.headline("S-1", "O-1") == "delivered"


def test_two_parcels_delivered_in_one_minute_are_two_steps() -> None:
    dock = order_with_shipment(tracking=("T1", "T2"))
    dock.milestone("delivered", "3T08:00", tracking="T1", city="Bern")
    dock.milestone("delivered", "3T08:00", tracking="T2", city="Bern")
    assert dock.headline("S-1", "O-1") == "delivered"


def test_one_lost_parcel_of_two_does_not_lose_the_shipment() -> None:
    dock = order_with_shipment(tracking=("T1", "T2"))
    dock.milestone("in_transit", "3T08:00", tracking="T1")
    dock.milestone("lost", "4T08:00", tracking="T1")
    assert dock.headline("S-1", "O-1") == "in_transit"
    assert ("O-1", "lost") not in told(dock)
    assert dock.facts("shipment.milestone.recorded")[-1]["code"] == "lost"


def test_a_code_outside_the_catalogue_is_unmapped_with_the_code_kept() -> None:
    dock = order_with_shipment()
    dock.milestone("teleported", "3T08:00", tracking="1Z9")
    recorded = dock.facts("shipment.milestone.recorded")[0]
    assert (recorded["code"], recorded["source_code"], recorded["headline"]) == ("unmapped", "teleported", "")


def test_an_overlay_is_never_late_and_never_the_headline() -> None:
    dock = order_with_shipment()
    dock.milestone("out_for_delivery", "3T08:00", tracking="1Z9")
    dock.milestone("delayed", "2T08:00", tracking="1Z9")
    assert dock.headline("S-1", "O-1") == "out_for_delivery"
    assert [fact["late"] for fact in dock.told("order.milestone-fact")] == [False, False]


def test_a_step_that_lies_in_the_future_waits_until_it_has_come() -> None:
    dock = order_with_shipment()
    dock.milestone("delivered", "11T12:00", tracking="1Z9")
    assert dock.facts("shipment.parked")[0]["reason"] == "future"
    dock.wait(hours=36)
    assert told(dock) == [("O-1", "delivered")]
    assert dock.timers == {}
