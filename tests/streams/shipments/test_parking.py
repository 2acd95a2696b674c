from __future__ import annotations

from schemas.generated.shipments_v1 import parked_overdue
from tests.streams.shipments.dock import Dock, at
from tests.support.stage import facts


def test_a_parked_fact_is_seen_with_all_its_references() -> None:
    dock = Dock()
    dock.milestone("in_transit", "9T08:00", tracking="1z 9", sscc="00-345", shipment="S-1", number="P-1@portal")
    [parked] = dock.facts("shipment.parked")
    assert parked["references"] == ["number:P-1", "track:1Z9", "sscc:00345", "shipment:S-1"]
    assert (parked["kind"], parked["reason"], parked["at"]) == ("milestone", "no-match", at("9T08:00"))


def test_a_claim_joins_a_whole_story_in_the_order_of_its_events() -> None:
    dock = Dock()
    dock.milestone("delivered", "4T09:00", tracking="1Z9")
    dock.milestone("in_transit", "3T20:00", tracking="1Z9")
    dock.dispatch("S-1", "1 WIDGET 24", tracking=("1Z9",), number="P-1@portal")
    dock.claim("O-1", "1 WIDGET 24", number="P-1@portal")
    told = dock.told("order.milestone-fact")
    assert [(fact["code"], fact["late"]) for fact in told] == [("in_transit", False), ("delivered", False)]


def test_a_milestone_by_order_number_waits_for_the_dispatch_too() -> None:
    dock = Dock()
    dock.milestone("in_transit", "3T20:00", number="P-1@portal")
    dock.claim("O-1", "1 WIDGET 24", number="P-1@portal")
    assert dock.told("order.milestone-fact") == []
    dock.dispatch("S-1", "1 WIDGET 24", order_id="O-1")
    assert [fact["shipment"] for fact in dock.told("order.milestone-fact")] == ["S-1"]


def test_a_parcels_scan_is_overdue_after_half_an_hour_and_still_waits() -> None:
    dock = Dock()
    dock.milestone("in_transit", "9T08:00", tracking="1Z9")
    assert dock.wait(hours=0.4) == []
    [told] = dock.wait(hours=0.2)
    assert [fact["outcome"] for fact in facts(told, "shipment.unparked")] == ["overdue"]
    dock.claim("O-1", "1 WIDGET 24")
    dock.dispatch("S-1", "1 WIDGET 24", tracking=("1Z9",), order_id="O-1")
    assert len(dock.told("order.milestone-fact")) == 1


def test_freight_may_wait_a_day() -> None:
    dock = Dock()
    dock.dispatch("S-1", "1 WIDGET 24", number="P-1@portal")
    assert dock.wait(hours=23.9) == []
    assert len(dock.wait(hours=0.2)) == 1


def test_what_nobody_claims_in_thirty_days_is_given_up() -> None:
    dock = Dock()
    dock.invoice("INV-1", "1 - 24 228.00", number="P-1@portal")
    dock.wait(hours=24 * 32)
    assert [fact["outcome"] for fact in dock.facts("shipment.unparked")] == ["overdue", "given-up"]
    assert not [name for name in dock.rows if name.startswith(("parked|", "waiting|"))]
    assert dock.timers == {}


def test_joining_ends_the_wait() -> None:
    dock = Dock()
    dock.dispatch("S-1", "1 WIDGET 24", number="P-1@portal")
    dock.claim("O-1", "1 WIDGET 24", number="P-1@portal")
    assert dock.timers == {}


def test_a_timer_that_crossed_the_join_changes_nothing() -> None:
    dock = Dock()
    before = dict(dock.rows)
    effects = dock.send("shipment.parked-overdue", parked_overdue(parked_id="gone"))
    assert [fact.record["reason"] for fact in effects.facts] == ["not-parked"]
    assert dock.rows == before


def test_the_same_parked_event_told_again_is_a_duplicate() -> None:
    dock = Dock()
    dock.dispatch("S-1", "1 WIDGET 24", number="P-1@portal", event="x")
    again = dock.dispatch("S-1", "1 WIDGET 24", number="P-1@portal", event="x")
    assert [fact.record["reason"] for fact in again.facts] == ["duplicate"]


def test_the_parked_body_is_the_report_as_it_came() -> None:
    from schemas import wire

    dock = Dock()
    dock.dispatch("S-1", "1 WIDGET 24", number="P-1@portal")
    name, report = wire.decode(dock.facts("shipment.parked")[0]["body"])
    assert (name, report["shipment"], report["lines"][0]["quantity"]) == (
        "wharf.shipments.v1.ReportDispatch",
        "S-1",
        24,
    )
