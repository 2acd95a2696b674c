"""The worked examples of the domain (shipments.md §10), literally."""

from __future__ import annotations

from tests.streams.shipments.dock import Dock, at, order_with_shipment


def codes(dock: Dock, *, late: bool | None = None) -> list[str]:
    told = dock.told("order.milestone-fact")
    return [fact["code"] for fact in told if late is None or fact["late"] is late]


def test_s1_a_late_step_never_moves_the_headline_back() -> None:
    dock = order_with_shipment()
    dock.milestone("delivered", "3T09:00", tracking="1Z9")
    dock.milestone("in_transit", "2T20:00", tracking="1Z9")
    assert dock.headline("S-1", "O-1") == "delivered"
    assert codes(dock, late=False) == ["delivered"]
    assert codes(dock, late=True) == ["in_transit"]


def test_s4_a_milestone_before_its_ship_notice_is_parked_and_joined() -> None:
    dock = Dock()
    dock.claim("O-1", "1 WIDGET 24", number="P-1@portal")
    early = dock.milestone("in_transit", "9T10:00", tracking="8202 8261 1194", carrier="fedx")
    assert [fact.type for fact in early.facts] == ["shipment.parked"]
    dock.now += 4 * 60_000
    dock.dispatch("S-1", "1 WIDGET 24", tracking=("820282611194",), carrier="FEDX", order_id="O-1")
    [joined] = dock.told("order.milestone-fact")
    assert (joined["code"], joined["at"]) == ("in_transit", at("9T10:00"))
    assert joined["at"] < joined["known_at"]


def test_s5_three_legs_of_eighty_are_told_one_by_one() -> None:
    dock = Dock()
    dock.claim("O-1", "1 WIDGET 80", number="P-1@portal")
    for shipment, carrier, quantity in (("S-1", "U", 36), ("S-2", "F", 34), ("S-3", "D", 10)):
        dock.dispatch(shipment, f"1 WIDGET {quantity}", carrier=carrier, tracking=(f"T{quantity}",), order_id="O-1")
        dock.milestone("delivered", "4T09:00", carrier=carrier, tracking=f"T{quantity}")
    assert [fact["lines"][0]["quantity"] for fact in dock.told("order.shipment-fact")] == [36, 34, 10]
    assert [fact["shipment"] for fact in dock.told("order.milestone-fact")] == ["S-1", "S-2", "S-3"]
    assert dock.rows["line|O-1|00000"]["shipped"] == 80


def test_s6_one_scan_from_two_sources_is_one_milestone_with_two_witnesses() -> None:
    dock = order_with_shipment()
    dock.milestone("delivered", "3T09:00", tracking="1Z9", source="carrier-push", event="a", city="Basel")
    second = dock.milestone("delivered", "3T09:00:40", tracking="1Z 9", source="aggregator", event="b", city="Basel")
    assert [(fact.type, fact.record["reason"]) for fact in second.facts] == [("shipment.ignored", "second-witness")]
    assert codes(dock) == ["delivered"]


def test_s8_the_headline_follows_the_newest_among_equals() -> None:
    dock, headlines = order_with_shipment(), []
    for code, when in (
        ("out_for_delivery", "3T07:00"),
        ("attempted", "3T15:00"),
        ("out_for_delivery", "4T07:00"),
        ("delivered", "4T11:00"),
    ):
        dock.milestone(code, when, tracking="1Z9")
        headlines.append(dock.headline("S-1", "O-1"))
    assert headlines == ["out_for_delivery", "attempted", "out_for_delivery", "delivered"]
    assert len(codes(dock, late=False)) == 4


def test_s13_a_tracking_number_used_again_after_fourteen_months_is_another_parcel() -> None:
    dock = Dock()
    dock.claim("OLD", "1 WIDGET 1", customer="A")
    dock.claim("NEW", "1 WIDGET 1", customer="B")
    dock.dispatch("S-OLD", "1 WIDGET 1", tracking=("777",), order_id="OLD", when="1T00:00")
    row = dock.rows["parcel|track:777|UPS|S-OLD|OLD"]
    row["at"] -= 14 * 30 * 86_400_000
    dock.dispatch("S-NEW", "1 WIDGET 1", tracking=("777",), order_id="NEW", when="1T00:00")
    dock.milestone("delivered", "3T00:00", tracking="777")
    assert [fact["order_id"] for fact in dock.told("order.milestone-fact")] == ["NEW"]


def test_s15_an_unknown_code_is_kept_and_counted_and_changes_no_status() -> None:
    dock = order_with_shipment()
    dock.milestone("in_transit", "3T08:00", tracking="1Z9")
    for minute in ("01", "02", "03"):
        dock.milestone("unmapped", f"3T09:{minute}", tracking="1Z9", source_code="ZZ9")
    unmapped = [fact for fact in dock.facts("shipment.milestone.recorded") if fact["code"] == "unmapped"]
    assert [fact["source_code"] for fact in unmapped] == ["ZZ9"] * 3
    assert dock.headline("S-1", "O-1") == "in_transit"
