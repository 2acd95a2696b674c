"""Availability over HTTP: the right number with its age, or a plain refusal; never a wrong one."""

from __future__ import annotations

import pytest

from adapters.gateway.models import answers
from adapters.gateway.routes.availability import MAX_SKUS, unchanged
from schemas.envelope import millis
from schemas.generated import inventory_v1 as inventory
from tests.streams.project.test_stock_and_feeds import availability
from tests.support.gateway import NOW, Desk

PATH = "/v1/availability/WIDGET-A"


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """110 of WIDGET-A for the portal, projected just now."""
    desk.project(availability())
    desk.caught_up()
    return desk


def test_a_channel_is_told_what_it_may_promise(stocked: Desk) -> None:
    body = stocked.send("GET", f"{PATH}?channel=portal").json()
    answers.AvailabilityAnswer.model_validate(body)
    assert (body["quantity"], body["status"], body["version"], body["locations"]) == (
        "110",
        "in_stock",
        841,
        [{"location": "DC1", "free": "110"}],
    )


def test_the_answer_says_how_old_it_is(stocked: Desk) -> None:
    stocked.hub.clock = lambda: NOW + 1_200
    body = stocked.send("GET", f"{PATH}?channel=portal").json()
    assert (body["age_seconds"], body["lag_bound_seconds"], body["stale"]) == (1.2, 1.2, False)


def test_a_projection_that_stands_still_makes_its_answers_stale(stocked: Desk) -> None:
    stocked.hub.clock = lambda: NOW + 60_000
    assert stocked.send("GET", PATH).json()["stale"] is True


def test_a_location_narrows_the_answer(stocked: Desk) -> None:
    assert stocked.send("GET", f"{PATH}?channel=portal&location=DC2").json()["quantity"] == "0"


def promised(desk: Desk) -> None:
    """Forty more on 5 March at noon, sixty on the 7th; the portal keeps half back."""
    later = [
        inventory.promise(due=millis(f"2026-03-0{day}T12:00:00Z"), quantity=units) for day, units in ((5, 60), (7, 120))
    ]
    half: list[inventory.Promise] = [{**each, "quantity": each["quantity"] // 2} for each in later]
    portal = inventory.channel_availability(channel="portal", quantity=10, status="in_stock", next=half)
    desk.project(availability(version=9, channels=[portal], default_quantity=20, default_next=later))
    desk.caught_up()


@pytest.mark.parametrize(
    ("query", "quantity"),
    [
        ("", "20"), ("?date=2026-03-04", "20"), ("?date=2026-03-05", "60"), ("?date=2026-03-06", "60"),
        ("?date=2026-03-31", "120"), ("?channel=portal", "10"), ("?channel=portal&date=2026-03-05", "30"),
    ],
)  # fmt: skip
def test_a_date_is_promised_what_has_come_by_its_end(desk: Desk, query: str, quantity: str) -> None:
    promised(desk)
    body = desk.send("GET", f"/v1/availability/WIDGET-A{query}").json()
    answers.AvailabilityAnswer.model_validate(body)
    assert (body["quantity"], len(body["next"])) == (quantity, 2)


def test_what_comes_next_is_told_with_its_time(desk: Desk) -> None:
    promised(desk)
    body = desk.send("GET", "/v1/availability/WIDGET-A").json()
    assert body["next"][0] == {"date": "2026-03-05T12:00:00.000Z", "quantity": "60"}
    assert desk.send("GET", "/v1/availability/WIDGET-A?location=DC1").json()["next"] == []


def test_many_skus_may_be_asked_for_one_date(desk: Desk) -> None:
    promised(desk)
    answer = desk.send("POST", "/v1/availability/query", json={"skus": ["WIDGET-A"], "date": "2026-03-07"})
    assert answer.json()["items"][0]["quantity"] == "120"


@pytest.mark.parametrize("date", ["tomorrow", "2026-02-30", "2026-03-05T12:00:00Z"])
def test_a_date_is_a_day_of_the_calendar(desk: Desk, date: str) -> None:
    assert desk.send("GET", f"/v1/availability/WIDGET-A?date={date}").status_code == 422


def test_the_etag_is_the_version_and_unchanged_means_no_body(stocked: Desk) -> None:
    first = stocked.send("GET", PATH)
    again = stocked.send("GET", PATH, {"If-None-Match": first.headers["ETag"]})
    assert (first.headers["ETag"], again.status_code, again.content, again.headers["ETag"]) == (
        '"841"',
        304,
        b"",
        '"841"',
    )


def test_a_newer_version_is_sent(stocked: Desk) -> None:
    stocked.project(availability(842))
    assert stocked.send("GET", PATH, {"If-None-Match": '"841"'}).json()["version"] == 842


@pytest.mark.parametrize(
    ("header", "same"),
    [
        ('"841"', True),
        ('W/"841"', True),
        ('"1", "841"', True),
        ("*", True),
        ("", False),
        ("841", False),
        ('"8410"', False),
    ],
)
def test_if_none_match_is_compared_weakly(header: str, same: bool) -> None:
    assert unchanged(header, 841) is same


def test_an_unknown_sku_is_named_so(stocked: Desk) -> None:
    answer = stocked.send("GET", "/v1/availability/NOBODY")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-sku")


def test_a_sku_may_hold_any_sign(desk: Desk) -> None:
    desk.project(availability(sku="A/B 1:ü"))
    desk.caught_up()
    assert desk.send("GET", "/v1/availability/A%2FB%201:%C3%BC").json()["sku"] == "A/B 1:ü"


def test_a_redis_that_is_being_filled_does_not_call_a_sku_unknown(desk: Desk) -> None:
    desk.project(availability())
    answer = desk.send("GET", "/v1/availability/NOT-YET")
    assert (answer.status_code, answer.json()["code"]) == (503, "dependency-unavailable")


def test_many_skus_are_answered_at_once_and_the_missing_named(stocked: Desk) -> None:
    body = stocked.send(
        "POST", "/v1/availability/query", json={"channel": "portal", "skus": ["WIDGET-A", "NOBODY", "WIDGET-A"]}
    ).json()
    answers.AvailabilitiesAnswer.model_validate(body)
    assert ([item["sku"] for item in body["items"]], body["missing"]) == (["WIDGET-A"], ["NOBODY"])


@pytest.mark.parametrize("count", [0, MAX_SKUS + 1])
def test_no_sku_and_one_too_many_are_refused(stocked: Desk, count: int) -> None:
    answer = stocked.send("POST", "/v1/availability/query", json={"skus": ["W"] * count})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/skus")


def test_a_key_for_one_channel_reads_only_that(stocked: Desk) -> None:
    headers = stocked.key("availability:read@portal")
    codes = [
        stocked.send("GET", PATH + query, headers).status_code for query in ("?channel=portal", "?channel=edi", "")
    ]
    assert codes == [200, 403, 403]
