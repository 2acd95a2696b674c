"""Each bad thing between good orders, through every agent in memory: a clear error, and nothing else is different."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.gateway.models.answers import ProblemAnswer
from schemas.errors import catalogue
from tests.bad_input.cases import PARKED, REFUSED, REJECTED, Sent, portal
from tests.bad_input.quay import BAD, Bad, Quay, Story, holds, order, played
from tests.support.redis import Server


def sending(sent: Sent) -> Bad:
    """Lets the story send it."""
    return lambda at: at.say(
        "POST", sent.path, BAD, content=sent.content, headers={"Content-Type": sent.media, **sent.headers}
    )


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_taken_is_refused_at_once_with_place_and_remedy(
    redis_server: Server, calm: Story, name: str
) -> None:
    case = REFUSED[name]
    story = played(redis_server, sending(case.sent))
    problem = ProblemAnswer.model_validate(story.told.json())
    errors = [(one.pointer, one.code) for one in problem.errors]
    assert (story.told.status_code, problem.code) == (case.status, case.code), story.told.text
    assert (case.pointer, case.error) in errors or not case.error
    assert problem.remedy == catalogue()[case.code].remedy and {code for _, code in errors} <= set(catalogue())
    holds(story, calm)


@pytest.mark.parametrize("name", REJECTED)
def test_what_turns_out_bad_behind_the_log_is_rejected_by_its_receipt(
    redis_server: Server, calm: Story, name: str
) -> None:
    case = REJECTED[name]
    story = played(redis_server, sending(case.sent))
    assert story.told.status_code == 202, story.told.text
    assert (story.receipt["state"], story.receipt["orders"], story.order) == ("rejected", [], {})
    told = [(one["code"], one["pointer"]) for one in story.receipt["problems"]]
    assert case.code in dict(told) and (not case.place or (case.code, case.place) in told)
    assert all(one["remedy"] and one["message"] for one in story.receipt["problems"])
    holds(story, calm)


@pytest.mark.parametrize("name", PARKED)
def test_what_only_a_person_can_decide_is_an_exception_of_its_order(
    redis_server: Server, calm: Story, name: str
) -> None:
    case = PARKED[name]
    story = played(redis_server, sending(case.sent))
    assert story.receipt["state"] == "accepted", story.receipt
    assert story.order["status"] == case.status
    assert [one["class"] for one in story.order["exceptions"]] == [case.kind]
    assert story.order["exceptions"][0]["remedy"] == catalogue()[case.kind].remedy
    assert (story.order["order_id"] in story.posted) == case.posted
    holds(story, calm)


def test_an_order_of_a_blocked_account_is_rejected_with_its_reason(redis_server: Server, calm: Story) -> None:
    story = played(redis_server, sending(portal(customer="blocked")))
    assert (story.order["status"], story.order["status_reason"]) == ("rejected", "account_blocked")
    assert [one["code"] for one in story.receipt["warnings"]] == ["WH1306"]
    holds(story, calm)


def test_x12_with_wrong_counts_is_an_order_with_a_warning_unless_the_partner_is_strict(
    redis_server: Server, calm: Story
) -> None:
    text = REJECTED["X12 with wrong counts, to a strict partner"].sent.content
    story = played(redis_server, sending(Sent("/v1/channels/market/documents", text, "application/edi-x12")))
    assert (story.receipt["state"], story.order["status"]) == ("accepted", "released")
    warning = next(one for one in story.receipt["warnings"] if one["code"] == "WH1204")
    assert warning["remedy"] and warning["pointer"].startswith("SE")
    holds(story, calm)


def test_the_same_key_with_other_content_is_refused_and_the_first_order_stands(
    redis_server: Server, calm: Story
) -> None:
    def bad(at: Quay) -> Any:
        return at.say("POST", "/v1/orders", "G-1", json=order("G-1", customer="9"))

    story = played(redis_server, bad)
    assert (story.told.status_code, story.told.json()["code"]) == (422, "idempotency-key-reused")
    holds(story, calm)


def test_the_same_number_with_other_content_is_a_suspect_and_the_first_order_stands(
    redis_server: Server, calm: Story
) -> None:
    def first(at: Quay) -> Any:
        headers = {"X-Correlation-Id": BAD}
        return at.say("POST", "/v1/orders", "first", json=order("M-1", "market"), headers=headers)

    def both(at: Quay) -> Any:
        first(at)
        return at.say("POST", "/v1/orders", BAD, json=order("M-1", "market", currency="EUR"))

    alone, story = played(redis_server, first), played(redis_server, both)
    assert story.receipt["state"] == "accepted"
    (suspect,) = story.order["exceptions"]
    assert (suspect["class"], story.order["currency"]) == ("duplicate_suspect", "USD")
    assert (story.order["lines"], story.posted) == (alone.order["lines"], alone.posted)
    holds(story, calm)


@pytest.mark.parametrize(
    ("scopes", "expires_at", "expected"),
    [
        (("admin",), 1, (401, "unauthenticated")),
        (("orders:read@market",), None, (403, "forbidden")),
        (("orders:write@portal",), None, (403, "forbidden")),
    ],
)
def test_a_key_that_is_expired_or_for_something_else_places_nothing(
    redis_server: Server, calm: Story, scopes: tuple[str, ...], expires_at: int | None, expected: tuple[int, str]
) -> None:
    def bad(at: Quay) -> Any:
        key = at.desk.key(*scopes, expires_at=expires_at)
        return at.say("POST", "/v1/orders", BAD, json=order("M-1", "market"), headers=key)

    story = played(redis_server, bad)
    assert (story.told.status_code, story.told.json()["code"]) == expected
    assert story.told.json()["remedy"]
    holds(story, calm)
