"""Acceptance story 1, judged from outside: what channels were answered, the ERP's ledger, the subscribers', the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

import pytest

from schemas.envelope import millis
from tests.stories.day import Day, statuses_told
from tests.stories.given import CHANNELS, SKU
from tests.stories.places.place import Place
from tests.stories.sameness import dead_of
from tests.stories.three_channels import BLOCKED, E, F, P, late_steps, play

MINUTE_MS = 60_000
ALL_THE_WAY = ["accepted", "confirmed", "released", "shipped", "delivered", "completed"]
FILLED = {"P-1001": P, "4500017": E, "F-77": F}


@pytest.fixture(scope="module")
def day(place: Place) -> Iterator[Day]:
    """The story, played once in each place."""
    yield play(place)
    assert place.echo.heard, "no request came twice"


# -- stock


def test_every_step_leaves_each_channel_what_it_may_sell(day: Day) -> None:
    assert day.offered == {
        "given": (150, 150, 140), "stale copy": (150, 150, 140), "P-1001": (126, 126, 116), "P-1001 again": (126, 126, 116),
        "4500017": (90, 90, 80), "4500017 again": (90, 90, 80), "F-77": (66, 66, 56), "F-77 again": (66, 66, 56),
        "shipped": (66, 66, 56), "billed": (66, 66, 56),
    }  # fmt: skip


def test_two_shelves_are_merged_once_and_never_sold_beyond_their_end(day: Day) -> None:
    offered = [version["data"]["default_quantity"] for version in day.log("inventory.availability")]
    assert set(offered) <= {0, 40, 110, 150, 126, 90, 66} and offered[-1] == 66


def test_a_stale_copy_of_the_erp_is_told_as_a_difference_and_not_believed(day: Day) -> None:
    [drift] = day.log("inventory.events", type="inventory.drift.detected")
    said = {name: drift["data"][name] for name in ("location", "source", "authority", "difference", "cause")}
    assert said == {"location": "DC1", "source": "erp", "authority": "wms1", "difference": -2, "cause": "not_authority"}
    assert day.receipts["stale copy"]["state"] == "accepted"


def test_what_was_reserved_is_what_left(day: Day) -> None:
    last = day.log("inventory.events", type="inventory.reservation.shipped")[-1]["data"]["positions"]
    assert {(shelf["location"], shelf["on_hand"]) for shelf in last} >= {("YARD", 16)}
    found = day.place.availability(SKU, "field")
    assert (found["quantity"], found["locations"]) == (
        "56", [{"location": "DC1", "free": "50"}, {"location": "YARD", "free": "16"}],
    )  # fmt: skip


def test_on_hand_falls_to_60_and_16(day: Day) -> None:
    stands: dict[str, int] = {}
    for fact in day.log("inventory.events"):
        stands |= {shelf["location"]: shelf["on_hand"] for shelf in fact["data"].get("positions", [])}
    assert stands == {"DC1": 60, "YARD": 16}


def test_the_reservations_of_finished_orders_sum_to_nothing(day: Day) -> None:
    held: Counter[str] = Counter()
    for entry in (entry for fact in day.log("inventory.events") for entry in fact["data"].get("entries", [])):
        held[entry["holder"]] += entry["reserved_change"] + entry["allocated_change"]
    assert held == {P: 0, E: 0, F: 0}


# -- orders


def test_an_order_is_answered_with_its_address(day: Day) -> None:
    answer = day.answers["P-1001"]
    assert (answer.status_code, answer.headers["location"]) == (202, f"/v1/orders/{P}")
    assert answer.json()["order_id"] == P and day.receipts["P-1001"]["orders"] == [P]


@pytest.mark.parametrize("number", FILLED)
def test_an_order_is_created_accepted_confirmed_and_released_in_that_order(day: Day, number: str) -> None:
    milestones = ("order.created", "order.accepted", "order.confirmed", "order.released", "order.completed")
    facts = [fact["type"] for fact in day.log("orders.events", key=FILLED[number])]
    assert [fact for fact in facts if fact in milestones] == [*milestones]


def test_the_price_of_the_order_is_kept(day: Day) -> None:
    contents = {fact["key"]: fact["data"]["content"] for fact in day.log("orders.events", type="order.created")}
    prices = {number: Decimal(contents[order]["lines"][0]["price"]) for number, order in FILLED.items()}
    assert prices == {"P-1001": Decimal("9.50"), "4500017": Decimal("9.10"), "F-77": Decimal("11.00")}


def test_an_identical_request_gets_the_first_answer_byte_for_byte_and_leaves_no_trace(day: Day) -> None:
    first, again = day.answers["P-1001"], day.answers["P-1001 again"]
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["idempotent-replayed"] == "true" and "idempotent-replayed" not in first.headers
    assert len({one["id"] for one in day.log("channel.documents", request_key="p-1001-a")}) == 1


def test_other_content_under_the_same_key_is_refused(day: Day) -> None:
    refused = day.answers["P-1001 reused"]
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency-key-reused")


def test_cases_and_dozens_are_ordered_and_pieces_are_reserved(day: Day) -> None:
    created = {
        fact["key"]: fact["data"]["content"]["lines"][0] for fact in day.log("orders.events", type="order.created")
    }
    said = {
        number: [created[order][name] for name in ("quantity", "base_unit", "ordered_quantity", "unit")]
        for number, order in FILLED.items()
    }
    assert said == {"P-1001": [24, "EA", "24", "EA"], "4500017": [36, "EA", "3", "XCS"], "F-77": [24, "EA", "2", "DZN"]}


def test_the_same_interchange_again_is_no_second_order(day: Day) -> None:
    for name in ("4500017 again", "4500017 once more"):
        assert day.receipts[name]["orders"] == [E] and day.receipts[name]["parts"][0]["event"] == "order.repeated"
    found = day.place.ask("GET", "/v1/orders", params={"channel": "edi", "number": "4500017"}).json()["orders"]
    assert [order["order_id"] for order in found] == [E] and found[0]["exceptions"] == []


def test_the_same_device_order_under_a_new_key_is_one_order(day: Day) -> None:
    first, again = day.answers["F-77"].json(), day.answers["F-77 again"].json()
    assert day.answers["F-77 again"].status_code == 202
    assert (again["order_id"], again["receipt"] == first["receipt"]) == (F, False)
    assert (day.receipts["F-77 again"]["orders"], day.receipts["F-77 again"]["parts"][0]["event"]) == (
        [F],
        "order.repeated",
    )


def test_a_blocked_account_is_rejected_and_touches_neither_stock_nor_erp(day: Day) -> None:
    assert day.orders["P-1002"]["status_reason"] == "account_blocked"
    assert day.log("inventory.events", holder=BLOCKED) == [] and day.log("erp.attempts", order_id=BLOCKED) == []


# -- the ERP


def test_orders_are_accepted_at_once_while_the_erp_is_away(day: Day) -> None:
    assert (day.orders["4500017"]["status"], day.orders["F-77"]["status"]) == ("accepted", "accepted")
    assert [entry["order_id"] for entry in day.journals["away"]] == [P]


def test_each_order_is_in_the_erp_once(day: Day) -> None:
    journal = day.place.erp.journal()
    assert {(entry["order_id"], entry["action"]) for entry in journal} == {
        (order, "create") for order in FILLED.values()
    }
    assert len(journal) == 3 and day.journals["back"] == journal


@pytest.mark.parametrize("number", FILLED)
def test_an_order_knows_its_number_in_the_erp(day: Day, number: str) -> None:
    [document] = [entry["document"] for entry in day.journals["back"] if entry["order_id"] == FILLED[number]]
    assert day.place.order(FILLED[number])["erp"] == {"system": "erp", "number": document}


@pytest.mark.parametrize("number", ["4500017", "F-77"])
def test_whatever_was_lost_the_erp_is_asked_before_an_order_is_posted_again(day: Day, number: str) -> None:
    actions = [attempt["data"]["action"] for attempt in day.log("erp.attempts", order_id=FILLED[number])]
    assert actions[0] == "create" and actions[-1] == "lookup" and actions.count("create") == 2
    assert ("create", "create") not in pairwise(actions)


def test_an_erp_that_is_away_is_asked_ever_less(day: Day) -> None:
    attempts = [attempt for attempt in day.log("erp.attempts") if attempt["data"]["order_id"] in (E, F)]
    assert len(attempts) < 80


def test_after_the_outage_the_orders_are_posted_without_anybody_s_help(day: Day) -> None:
    confirmed = day.log("orders.events", type="order.confirmed")
    assert {fact["key"] for fact in confirmed} == {P, E, F}
    assert all(order["exceptions"] == [] for order in day.orders.values())
    assert day.log("orders.events", type="exception.raised") == []


@pytest.mark.parametrize("number", ["4500017", "F-77"])
def test_an_order_of_the_outage_is_accepted_at_once_and_confirmed_within_minutes_of_its_end(
    day: Day, number: str
) -> None:
    facts = day.log("orders.events", key=FILLED[number])
    at = {fact["type"]: millis(fact["time"]) for fact in reversed(facts)}
    assert at["order.accepted"] - at["order.created"] < MINUTE_MS / 2
    assert at["order.accepted"] < day.erp_back_at < at["order.confirmed"] <= day.erp_back_at + 3 * MINUTE_MS


# -- shipping and billing


def test_a_step_that_comes_late_is_kept_and_changes_nothing(day: Day) -> None:
    [late] = late_steps(day.place)
    assert late["details"]["code"] == "in_transit" and late["at"] < late["known_at"]
    assert day.orders["late step"]["status"] == "delivered"


@pytest.mark.parametrize(("number", "total"), [("P-1001", "246.24"), ("4500017", "327.60"), ("F-77", "285.12")])
def test_a_billed_order_is_complete(day: Day, number: str, total: str) -> None:
    order = day.place.order(FILLED[number])
    line = order["lines"][0]
    assert (order["status"], line["invoiced"], line["delivered"]) == ("completed", line["ordered"], line["ordered"])
    assert [Decimal(bill["total"]) for bill in order["invoices"]] == [Decimal(total)]


def test_the_timeline_tells_when_a_thing_happened_and_when_it_was_known(day: Day) -> None:
    entries = day.place.timeline(P)
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    [arrived] = [entry for entry in entries if entry["details"].get("code") == "delivered"]
    assert arrived["at"] == "2026-03-04T08:00:00.000Z" < arrived["known_at"]


# -- who is told


def test_the_portal_is_told_each_status_once_and_in_order(day: Day) -> None:
    taken = day.place.subscriber.taken("portal-hook")
    own = [entry["data"]["status_seq"] for entry in taken if entry["data"]["order_id"] == P]
    assert (statuses_told(taken, P), own) == (ALL_THE_WAY, list(range(1, 7)))
    assert sorted(entry["seq"] for entry in taken) == list(range(1, 8))
    assert statuses_told(taken, BLOCKED) == ["rejected"]


def test_the_field_app_pulls_all_six_steps(day: Day) -> None:
    assert statuses_told(day.feed("field")["entries"], F) == ALL_THE_WAY


def test_crm_and_analytics_hear_of_all_orders_the_same(day: Day) -> None:
    taken = sorted(day.place.subscriber.taken("crm-all"), key=lambda entry: int(entry["seq"]))
    pulled = day.feed("analytics", "all")["entries"]
    assert [entry["data"] for entry in taken] == [entry["data"] for entry in pulled] and len(pulled) == 19
    assert [statuses_told(pulled, order) for order in (*FILLED.values(), BLOCKED)] == [ALL_THE_WAY] * 3 + [["rejected"]]


@pytest.mark.parametrize(
    "view", [*(f"{channel}/default" for channel in CHANNELS), "portal/hook", "crm/all", "analytics/all"]
)
def test_no_feed_has_a_gap(day: Day, view: str) -> None:
    page = day.feed(*view.split("/"))
    assert page["complete"] and [entry["seq"] for entry in page["entries"]] == list(range(1, page["head"] + 1))


def test_nothing_is_dead(day: Day) -> None:
    assert dead_of(day.place.records()) == []
