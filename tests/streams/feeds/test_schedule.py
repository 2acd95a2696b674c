"""When a failing endpoint is tried again, and when it is left alone."""

from __future__ import annotations

from itertools import pairwise

import pytest

from streams.feeds.schedule import ATTEMPTS, HOUR, MINUTE, SECOND, WAITS, WINDOW, slowed_ms, wait_ms, window
from tests.streams.feeds.view import View


def test_the_schedule_lasts_seventy_five_hours_and_a_half() -> None:
    assert (ATTEMPTS, sum(WAITS)) == (10, 75 * HOUR + 35 * MINUTE + 5 * SECOND)


@pytest.mark.parametrize("answered", range(1, ATTEMPTS))
def test_jitter_is_ten_percent_at_most_and_the_same_again(answered: int) -> None:
    waits = [wait_ms(f"entry-{number}", answered) for number in range(200)]
    plain = WAITS[answered - 1]
    assert all(plain * 0.9 <= wait <= plain * 1.1 for wait in waits)
    assert waits == [wait_ms(f"entry-{number}", answered) for number in range(200)]


def test_jitter_spreads() -> None:
    assert len({wait_ms(f"entry-{number}", 5) for number in range(200)}) > 190


def test_the_window_halves_with_each_failure_in_a_row() -> None:
    assert [window(failures) for failures in range(7)] == [WINDOW, 16, 8, 4, 2, 1, 1]


def test_retry_after_is_honoured_within_reason() -> None:
    assert [slowed_ms(seconds) for seconds in (0, 90, 10**9)] == [5 * SECOND, 90 * SECOND, 24 * HOUR]


def test_ten_attempts_are_made_by_the_schedule_and_then_no_more() -> None:
    view, times = View(), []
    view.tell("A")
    for _ in range(ATTEMPTS):
        times.append(view.stage.now)
        view.answer("failed", status=500)
        view.wait_for_attempt()
    waits = [later - earlier for earlier, later in pairwise(times)]
    assert len(view.attempts) == ATTEMPTS
    assert all(plain * 0.9 <= wait <= plain * 1.1 + 5 for plain, wait in zip(WAITS, waits, strict=True))


def test_every_attempt_of_an_entry_bears_the_same_webhook_id() -> None:
    view = exhausted()
    assert [a["webhook_id"] for a in view.attempts] == [view.entries[0]["id"]] * ATTEMPTS


def test_the_second_attempt_comes_after_five_seconds_or_so() -> None:
    view = View()
    view.tell("A")
    view.answer("failed")
    due = view.timers["retry|A"].due or 0
    assert 4_500 <= due - view.stage.now <= 5_500


def test_an_exhausted_entry_is_told_to_operators_and_pauses_the_subscription() -> None:
    view = exhausted()
    assert view.published[-6:].count("delivery.exhausted") == 1 and view.head["paused"] == "exhausted"


def test_a_paused_view_goes_on_numbering_and_attempts_nothing() -> None:
    view = exhausted()
    tried = len(view.attempts)
    view.tell("B")
    assert (view.entries[-1]["seq"], len(view.attempts)) == (2, tried)


def test_setting_the_subscription_again_resumes_with_a_probe() -> None:
    view = exhausted()
    for order in "BCD":
        view.tell(order)
    view.subscribe()
    assert (view.head["paused"], view.tried[-1], view.head["in_flight"]) == ("", 2, 1)


def test_after_the_probe_is_delivered_the_window_is_whole_again() -> None:
    view = exhausted()
    for order in "BCD":
        view.tell(order)
    view.subscribe()
    view.answer("delivered")
    assert view.tried[-3:] == [2, 3, 4]


def test_gone_pauses_at_once_and_keeps_the_entry() -> None:
    view = View()
    view.tell("A")
    view.answer("gone", status=410)
    assert (view.head["paused"], view.row_count("ready"), "subscription.paused" in view.published) == ("gone", 1, True)


def test_what_was_refused_as_gone_is_delivered_after_the_owner_came_back() -> None:
    view = View()
    view.tell("A")
    view.answer("gone", status=410)
    view.subscribe("https://other.example/hooks")
    assert (view.tried, view.attempts[-1]["url"]) == ([1, 1], "https://other.example/hooks")


def test_an_endpoint_that_asks_for_less_is_left_alone_by_all_orders() -> None:
    view = View()
    view.tell("A")
    view.answer("throttled", status=429, retry_after_s=60)
    view.tell("B")
    before = list(view.tried)
    view.pass_time(61_000)
    assert (before, sorted(view.tried)) == ([1], [1, 1, 2])


def test_retry_after_is_a_floor_of_the_retry_too() -> None:
    view = View()
    view.tell("A")
    view.answer("throttled", status=429, retry_after_s=600)
    assert (view.timers["retry|A"].due or 0) - view.stage.now == 600_000


def test_a_silent_endpoint_is_soon_asked_one_thing_at_a_time() -> None:
    view = View()
    for number in range(40):
        view.tell(f"order-{number}")
    for attempt in view.attempts[:WINDOW]:
        view.answer("failed", of=attempt)
    assert view.head["in_flight"] == 1


def test_an_endpoint_that_came_back_gets_what_waited_for_later() -> None:
    view = View()
    for order in "ABCDEF":
        view.tell(order)
    for attempt in view.attempts[:5]:
        view.answer("failed", of=attempt)
    view.answer("delivered", of=view.attempts[5])
    assert view.tried == [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5]


def exhausted() -> View:
    """A view whose first entry nobody took."""
    view = View()
    view.tell("A")
    for _ in range(ATTEMPTS):
        view.answer("failed", status=500)
        view.wait_for_attempt()
    return view
