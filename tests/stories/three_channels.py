"""Acceptance story 1: three channels, split stock, the ERP away for half an hour. One script for every place.

It only acts and notes what it was answered; the tests judge. Minutes are the story's; the numbers beside steps are those
of the acceptance scenarios.
"""

from __future__ import annotations

from collections.abc import Callable

from schemas.identity import order_id
from tests.stories import given
from tests.stories.day import Day
from tests.stories.given import accepted
from tests.stories.places.place import Json, Place

HOUR = 60
P, E, F, BLOCKED = (
    order_id("acme", party, number)
    for party, number in (("portal", "P-1001"), ("RETX", "4500017"), ("field", "F-77"), ("portal", "P-1002"))
)
ORDER = given.order("portal", "P-1001", "7001", 24, "EA", "9.50")
FIELD_ORDER = given.order("field", "F-77", "7002", 2, "DZN", "132.00")
STATUSES = {"types": ["order.status.changed"]}


def given_stock(day: Day) -> None:
    """Given: shelves counted by who knows them, and the ERP's stale copy of the other's."""
    for kind, key, record in given.reference_data():
        accepted(day.place, "PUT", f"/v1/reference/{kind}/{key}", f"given-{kind}-{key}", record)
    for channel, name, more in (("portal", "hook", {}), ("crm", "all", {"sources": ["*"]})):
        hook = f"{channel}-{name}"
        body = {"url": day.place.subscriber.hook(hook), **STATUSES, **more}
        told = accepted(day.place, "PUT", f"/v1/channels/{channel}/subscriptions/{name}", f"sub-{hook}", body)
        day.place.subscriber.told(hook, told["secret"])
    accepted(day.place, "PUT", "/v1/channels/analytics/subscriptions/all", "sub-a", {**STATUSES, "sources": ["*"]})
    counts = [given.count("wms1", "DC1", 120, unsellable="4"), given.count("erp", "YARD", 40)]
    accepted(day.place, "POST", "/v1/inventory/events", "counts", counts)
    day.offers("given", (150, 150, 140))
    stale = day.post("stale copy", "/v1/inventory/events", given.count("erp", "DC1", 118)).json()
    day.receipt("stale copy", stale["receipt"])
    day.offers("stale copy", (150, 150, 140))


def portal_orders(day: Day) -> None:
    """1. P-1001, and the ERP is up."""
    day.place.at(1)
    placed = day.post("P-1001", "/v1/orders", ORDER, "p-1001-a").json()
    day.receipt("P-1001", placed["receipt"])
    day.offers("P-1001", (126, 126, 116))
    day.see("P-1001", P, "released")


def portal_repeats(day: Day) -> None:
    """2. and 3. The same request again, and another one under its key."""
    day.place.at(2)
    day.post("P-1001 again", "/v1/orders", ORDER, "p-1001-a")
    day.post("P-1001 reused", "/v1/orders", given.order("portal", "P-1001", "7001", 25, "EA", "9.50"), "p-1001-a")
    day.offers("P-1001 again", (126, 126, 116))


def retailer_orders(day: Day) -> None:
    """4. to 6. The ERP goes away; an interchange comes, and comes again."""
    day.place.at(5)
    day.place.erp.faults(down=True)
    day.place.at(6)
    interchange = given.purchase_order("4500017", 101, 3)
    sent = day.place.send("po-101.edi", interchange, "edi")
    day.receipt("4500017", sent["receipt"])
    day.see("4500017", E, "accepted")
    day.offers("4500017", (90, 90, 80))
    day.place.at(7)
    for name, key in (("4500017 again", ""), ("4500017 once more", "transport-2")):
        path, media = "/v1/channels/edi/documents", {"Content-Type": "application/edi-x12"}
        day.answers[name] = day.place.ask("POST", path, key=key, content=interchange, headers=media)
        day.receipt(name, day.answers[name].json()["receipt"])
    day.offers("4500017 again", (90, 90, 80))


def field_orders(day: Day) -> None:
    """7. The app's order; it did not hear the answer and sends it again under another key."""
    day.place.at(8)
    day.post("F-77", "/v1/orders", FIELD_ORDER, "f-77-1")
    day.see("F-77", F, "accepted")
    day.offers("F-77", (66, 66, 56))


def blocked_account_orders(day: Day) -> None:
    """8. An account that may not order."""
    day.place.at(9)
    day.post("P-1002", "/v1/orders", given.order("portal", "P-1002", "9999", 5, "EA", "9.50"), "p-1002-a")
    day.see("P-1002", BLOCKED, "rejected")


def field_resends(day: Day) -> None:
    """7. again, twelve minutes later."""
    day.place.at(20)
    again = day.post("F-77 again", "/v1/orders", FIELD_ORDER, "f-77-2").json()
    day.receipt("F-77 again", again["receipt"])
    day.offers("F-77 again", (66, 66, 56))


def erp_returns(day: Day) -> None:
    """9. It works again, but its answers are lost at first."""
    day.place.at(35)
    day.journals["away"], day.erp_back_at = day.place.erp.journal(), day.place.now()
    day.place.erp.faults(drop_after_commit=True)
    day.see("F-77 confirmed", F, "released")
    day.see("4500017 confirmed", E, "released")
    day.place.erp.faults()
    day.journals["back"] = day.place.erp.journal()


def goods_leave(day: Day) -> None:
    """10. DC1 ships P-1001 and 4500017, the yard ships F-77."""
    day.place.at(2 * HOUR)
    shipments = ((P, "S-1", "DC1", 24), (E, "S-2", "DC1", 36), (F, "S-3", "YARD", 24))
    events = [given.dispatch(*shipment, "2026-03-02T10:00:00Z") for shipment in shipments]
    accepted(day.place, "POST", "/v1/shipments/events", "dispatches", events)
    for name, order in (("P-1001", P), ("4500017", E), ("F-77", F)):
        day.see(f"{name} shipped", order, "shipped")
    day.place.until(lambda: shipped(day.place), lambda seen: len(seen) == 3)
    day.offers("shipped", (66, 66, 56))


def parcels_arrive(day: Day) -> None:
    """11. P-1001 is delivered, and was under way the evening before, as is told later."""
    day.place.at(50 * HOUR)
    for order, shipment in ((P, "S-1"), (E, "S-2"), (F, "S-3")):
        arrived = given.milestone(shipment, "delivered", "2026-03-04T09:00:00+01:00")
        accepted(day.place, "POST", "/v1/shipments/events", f"delivered-{shipment}", arrived)
        day.see(f"{shipment} delivered", order, "delivered")
    late = given.milestone("S-1", "in_transit", "2026-03-03T20:00:00+01:00")
    told = accepted(day.place, "POST", "/v1/shipments/events", "late", late)
    day.receipt("late step", told["receipt"])
    day.place.until(lambda: late_steps(day.place), bool)
    day.see("late step", P, "delivered")


def bills_are_posted(day: Day) -> None:
    """12. Finance bills all three."""
    day.place.at(52 * HOUR)
    bills = (
        (P, "INV-1", 24, "228.00", "18.24", "246.24"),
        (E, "INV-2", 36, "327.60", "0.00", "327.60"),
        (F, "INV-3", 24, "264.00", "21.12", "285.12"),
    )
    events = [given.invoice(*bill, "2026-03-04T12:00:00Z") for bill in bills]
    accepted(day.place, "POST", "/v1/invoices/events", "bills", events)
    for name, order in (("P-1001", P), ("4500017", E), ("F-77", F)):
        day.see(f"{name} billed", order, "completed")
    day.offers("billed", (66, 66, 56))


def shipped(place: Place) -> list[Json]:
    """What left the shelves, from the log."""
    return [fact for fact in place.tail("inventory.events") if fact["type"] == "inventory.reservation.shipped"]


def late_steps(place: Place) -> list[Json]:
    """The steps in P-1001's timeline that came too late to matter."""
    entries = place.ask("GET", f"/v1/orders/{P}/timeline").json()["entries"]
    return [entry for entry in entries if entry["details"].get("late")]


STEPS: tuple[Callable[[Day], None], ...] = (
    given_stock, portal_orders, portal_repeats, retailer_orders, field_orders, blocked_account_orders, field_resends,
    erp_returns, goods_leave, parcels_arrive, bills_are_posted,
)  # fmt: skip


def play(place: Place) -> Day:
    """The whole story."""
    day = Day(place)
    for step in STEPS:
        step(day)
    place.settle()
    return day
