"""The receiver's rules: whatever the road does to the messages, the subscriber ends with the log."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.demo.follower import BrokenChain, Follower
from schemas.envelope import rfc3339
from tests.streams.feeds.view import View


def log_of(count: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A view's feed as its pull shows it, and its messages as they are pushed."""
    view = View()
    for number in range(count):
        data = {
            "order_id": f"O-{number % 3}",
            "number": "P-\u00fc\U0001f600",
            "lines": ["x" * 80] * (300 if number == 4 else 1),
        }
        view.tell(f"order-{number}", data=data)
    shown = ("hash", "id", "seq", "type")
    pulled = [
        {**{name: entry[name] for name in shown}, "at": rfc3339(entry["at"]), "data": json.loads(entry["data"])}
        for entry in view.entries
    ]
    return pulled, [json.loads(attempt["body"]) for attempt in view.attempts]


FEED, PUSHED = log_of(12)


def follower() -> Follower:
    """A subscriber that can pull the whole feed."""
    return Follower(lambda after: FEED[after:])


@given(st.lists(st.integers(0, len(PUSHED) - 1), max_size=30))
def test_dropped_repeated_and_reordered_messages_end_in_the_log(road: list[int]) -> None:
    held = follower()
    for number in road:
        held.take(PUSHED[number])
    held.catch_up()
    assert held.entries == FEED


@given(st.integers(0, 3), st.sampled_from(["data", "id", "seq_hash", "timestamp", "type"]))
def test_a_changed_message_stops_the_follower(number: int, field: str) -> None:
    held = follower()
    for message in PUSHED[:number]:
        held.take(message)
    forged = {
        "data": {"order_id": "X"},
        "id": "x",
        "seq_hash": "",
        "timestamp": "2026-01-01T00:00:00.000Z",
        "type": "x",
    }[field]
    changed = {**PUSHED[number], **({"hash": "0" * 64} if field == "seq_hash" else {field: forged})}
    with pytest.raises(BrokenChain, match=f"entry {number + 1}"):
        held.take(changed)
    assert held.entries == FEED[:number]


def test_messages_in_order_need_no_pull() -> None:
    pulled: list[int] = []
    held = Follower(lambda after: pulled.append(after) or FEED[after:])
    for message in PUSHED[:4]:
        held.take(message)
    assert (held.entries, pulled) == (FEED[:4], [])


def test_a_message_too_large_for_a_webhook_is_pulled() -> None:
    held = follower()
    for message in PUSHED[:5]:
        held.take(message)
    assert "link" in PUSHED[4]["data"] and held.entries[4] == FEED[4]


def test_a_feed_with_a_hole_stops_the_follower() -> None:
    with pytest.raises(BrokenChain, match="entry 3 came after 1"):
        Follower(lambda after: [FEED[0], FEED[2]]).catch_up()


def test_a_new_epoch_begins_again_at_one_and_the_old_one_is_over() -> None:
    view = View()
    view.tell("A", data={"order_id": "A"})
    view.refilter()
    view.tell("B", data={"order_id": "B"})
    old, new = [json.loads(attempt["body"]) for attempt in view.attempts]
    held = Follower(lambda after: [])
    for message in (old, new, old):
        held.take(message)
    assert (held.epoch, [entry["data"] for entry in held.entries]) == (2, [{"order_id": "B"}])
