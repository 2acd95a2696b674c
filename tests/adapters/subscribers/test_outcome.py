"""What an endpoint's answer means."""

from __future__ import annotations

import pytest

from adapters.subscribers.outcome import outcome_of, retry_after_s

NOON = 1_772_452_800  # Mon, 02 Mar 2026 12:00:00 GMT


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, "delivered"), (201, "delivered"), (204, "delivered"), (299, "delivered"),
        (301, "failed"), (302, "failed"), (307, "failed"), (304, "failed"),
        (400, "failed"), (401, "failed"), (404, "failed"), (500, "failed"), (501, "failed"), (503, "failed"),
        (410, "gone"), (429, "throttled"), (502, "throttled"), (504, "throttled"),
    ],
)  # fmt: skip
def test_a_status_means(status: int, outcome: str) -> None:
    assert outcome_of(status, {}, NOON).outcome == outcome


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("0", 0),
        ("Mon, 02 Mar 2026 12:01:00 GMT", 60),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 0),
        ("soon", 0),
        ("-5", 0),
        ("", 0),
        ("9" * 400, 1_000_000),
        ("\u0661\u0662", 0),
        ("Mon, 99 Mar 2026 12:01:00 GMT", 0),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: int) -> None:
    assert retry_after_s(text, NOON) == seconds


def test_a_throttling_answer_says_for_how_long() -> None:
    assert outcome_of(429, {"retry-after": "30"}, NOON).retry_after_s == 30


def test_a_receiver_can_stop_the_retries_of_one_message() -> None:
    assert outcome_of(500, {"webhook-stop-retries": "True"}, NOON).outcome == "declined"


def test_success_is_success_even_with_a_word_about_retries() -> None:
    assert outcome_of(204, {"webhook-stop-retries": "true"}, NOON).outcome == "delivered"
