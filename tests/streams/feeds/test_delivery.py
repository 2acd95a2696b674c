"""Attempts: at once, in order per order, side by side across orders, with a bounded window."""

from __future__ import annotations

import json

import pytest

from streams.feeds.schedule import ATTEMPT_GRACE_MS, ATTEMPT_LIFE_MS, WINDOW
from tests.streams.feeds.view import URL, View


def test_an_entry_is_attempted_at_once() -> None:
    view = View()
    view.tell("A")
    assert [(a["seq"], a["attempt"], a["url"]) for a in view.attempts] == [(1, 1, URL)]


def test_a_delivered_entry_leaves_no_row() -> None:
    view = View()
    view.tell("A")
    view.answer("delivered")
    assert (view.row_count("pending"), view.row_count("attempt"), view.head["in_flight"], view.head["backlog"]) == (
        0,
        0,
        0,
        0,
    )


def test_the_next_status_of_an_order_waits_for_the_one_before() -> None:
    view = View()
    view.tell("A")
    view.tell("A")
    before = list(view.tried)
    view.answer("delivered")
    assert (before, view.tried) == ([1], [1, 2])


def test_orders_do_not_wait_for_each_other() -> None:
    view = View()
    view.tell("A")
    view.tell("B")
    assert view.tried == [1, 2]


def test_a_failing_entry_holds_back_only_its_own_order() -> None:
    view = View()
    view.tell("A")
    view.answer("failed", status=500)
    view.tell("A")
    view.tell("B")
    assert view.tried == [1, 3]


def test_no_more_attempts_are_under_way_than_the_window_allows() -> None:
    view = View()
    for number in range(WINDOW + 10):
        view.tell(f"order-{number}")
    assert (len(view.attempts), view.head["in_flight"]) == (WINDOW, WINDOW)


def test_an_answer_makes_room_for_the_oldest_in_line() -> None:
    view = View()
    for number in range(WINDOW + 2):
        view.tell(f"order-{number}")
    view.answer("delivered", of=view.attempts[5])
    assert view.tried[-1] == WINDOW + 1


def test_only_the_first_answer_to_an_attempt_counts() -> None:
    view = View()
    view.tell("A")
    view.answer("delivered")
    again = view.answer("failed")
    assert ([fact.type for fact in again.facts], view.timers.keys()) == (["feed.ignored"], {"overdue"})


def test_the_body_carries_number_and_hash_of_the_entry() -> None:
    view = View()
    view.tell("A", data={"order_id": "A", "status": "accepted"})
    body, entry = json.loads(view.attempts[0]["body"]), view.entries[0]
    assert body == {
        "data": {"order_id": "A", "status": "accepted"},
        "epoch": 1,
        "hash": entry["hash"],
        "id": entry["id"],
        "previous": "",
        "seq": 1,
        "timestamp": "2026-03-02T08:00:00.000Z",
        "type": "order.status.changed",
    }


def test_a_large_entry_is_linked_to() -> None:
    view = View()
    view.tell("A", data={"lines": ["x" * 100] * 300})
    body = view.attempts[0]["body"]
    assert len(body) < 20_000 and json.loads(body)["data"] == {
        "link": "/v1/channels/portal/feed?view=crm&after=0&limit=1"
    }


def test_an_attempt_that_nobody_answers_is_granted_again() -> None:
    view = View()
    view.tell("A")
    view.pass_time(ATTEMPT_LIFE_MS + ATTEMPT_GRACE_MS)
    assert [(a["attempt"], a["seq"]) for a in view.attempts] == [(1, 1), (1, 1)]


def test_an_attempt_granted_again_has_a_name_of_its_own() -> None:
    view = View()
    view.tell("A")
    view.pass_time(ATTEMPT_LIFE_MS + ATTEMPT_GRACE_MS)
    first, second = view.attempts
    assert first["attempt_id"] != second["attempt_id"] and first["webhook_id"] == second["webhook_id"]


def test_a_young_attempt_is_not_taken_for_lost() -> None:
    view = View()
    view.tell("A")
    view.pass_time(ATTEMPT_LIFE_MS)
    view.tell("B")
    view.pass_time(ATTEMPT_GRACE_MS + 10)
    assert view.tried == [1, 2, 1]


def test_the_watch_goes_on_for_the_young_and_ends_when_nothing_is_under_way() -> None:
    view = View()
    view.tell("A")
    view.pass_time(ATTEMPT_LIFE_MS)
    view.tell("B")
    view.answer("delivered", of=view.attempts[0])
    view.answer("delivered", of=view.attempts[1])
    view.pass_time(ATTEMPT_LIFE_MS)
    assert (view.timers, view.head["watched"]) == ({}, False)


def test_an_attempt_that_came_to_the_door_too_late_is_granted_again_and_not_counted() -> None:
    view = View()
    view.tell("A")
    view.answer("expired")
    assert [a["attempt"] for a in view.attempts] == [1, 1]


def test_a_receiver_may_decline_one_message() -> None:
    view = View()
    view.tell("A")
    view.tell("A")
    view.answer("declined", status=500)
    assert (view.tried, view.head["failures"]) == ([1, 2], 0)


@pytest.mark.parametrize("outcome", ["failed", "throttled", "refused-address"])
def test_each_kind_of_failure_is_tried_again(outcome: str) -> None:
    view = View()
    view.tell("A")
    view.answer(outcome)
    view.pass_time(6_000)
    assert [a["attempt"] for a in view.attempts] == [1, 2]


def test_in_mode_latest_what_was_not_tried_yet_is_overtaken() -> None:
    view = View(mode="latest")
    for _ in range(4):
        view.tell("A")
    view.answer("delivered")
    assert (view.tried, len(view.entries)) == ([1, 4], 4)


def test_in_mode_latest_a_failing_entry_gives_way_when_it_is_due() -> None:
    view = View(mode="latest")
    view.tell("A")
    view.answer("failed")
    view.tell("A")
    view.tell("A")
    view.pass_time(6_000)
    assert [(a["seq"], a["attempt"]) for a in view.attempts] == [(1, 1), (3, 2)]


def test_in_mode_latest_a_queue_holds_two_entries_of_an_order_at_most() -> None:
    view = View(mode="latest")
    for _ in range(30):
        view.tell("A")
    assert (view.row_count("pending"), view.head["backlog"]) == (2, 2)
