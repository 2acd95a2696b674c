"""The owner's word: where a view is delivered, and from when."""

from __future__ import annotations

import pytest

from schemas.envelope import Envelope
from schemas.generated import feeds_v1
from streams.engine.effects import Message
from streams.feeds import due
from streams.feeds.decide import UnknownCommand, decide
from tests.streams.feeds.view import View


def test_a_changed_subscription_is_published() -> None:
    assert [fact.type for fact in View(url="").subscribe().facts] == ["subscription.changed"]


def test_an_older_version_does_not_replace_a_newer_one() -> None:
    view = View()
    view.subscribe("https://new.example/")
    old = feeds_v1.set_subscription(channel="portal", view="crm", url="https://old.example/", version=1)
    view.send("feed.set-subscription", old)
    assert view.head["url"] == "https://new.example/"


def test_what_came_before_the_subscription_is_pulled_not_pushed() -> None:
    view = View(url="")
    view.tell("A")
    view.subscribe()
    view.tell("A")
    assert view.tried == [2]


def test_an_inactive_subscription_keeps_its_queue_until_it_is_active_again() -> None:
    view = View()
    view.subscribe(active=False)
    view.tell("A")
    before = list(view.tried)
    view.subscribe(active=True)
    assert (before, view.tried) == ([], [1])


def test_a_new_url_takes_over_the_queue() -> None:
    view = View()
    view.tell("A")
    view.answer("failed")
    view.subscribe("https://new.example/")
    assert [a["url"] for a in view.attempts][-1] == "https://new.example/"


def test_a_given_secret_travels_sealed_to_the_door() -> None:
    view = View(url="")
    view.subscribe(secret=b"sealed", secret_version=3)
    view.tell("A")
    assert (view.attempts[0]["secret"], view.attempts[0]["secret_version"]) == (b"sealed", 3)


def test_a_view_that_becomes_pull_only_gives_up_its_queue() -> None:
    view = View()
    for order in "AAB":
        view.tell(order)
    view.subscribe(url="")
    assert (view.row_count("pending"), view.row_count("attempt"), view.head["backlog"], view.head["in_flight"]) == (
        0,
    ) * 4


def test_a_long_queue_is_given_up_some_entries_at_a_time(monkeypatch) -> None:
    monkeypatch.setattr(due, "CHUNK", 3)
    view = View()
    for number in range(10):
        view.tell(f"order-{number}")
    effects = view.subscribe(url="")
    view.pass_time(100)
    assert (len(effects.facts), view.row_count("pending"), view.head["purging"]) == (5, 0, False)


def test_a_long_wait_list_is_woken_some_entries_at_a_time(monkeypatch) -> None:
    monkeypatch.setattr(due, "CHUNK", 3)
    view = View()
    for number in range(10):
        view.tell(f"order-{number}")
    for attempt in view.attempts[:10]:
        view.answer("failed", of=attempt)
    view.subscribe()
    view.pass_time(100)
    assert (view.row_count("retry"), [name for name in view.timers if name.startswith("retry")]) == (0, [])


def test_an_attempt_answered_after_the_queue_was_given_up_changes_nothing() -> None:
    view = View()
    view.tell("A")
    view.subscribe(url="")
    assert [fact.type for fact in view.answer("delivered").facts] == ["feed.ignored"]


def test_a_timer_that_came_too_late_changes_nothing() -> None:
    view = View()
    effects = view.send("feed.due", feeds_v1.delivery_due(reason="retry", order_key="A", place=1))
    assert [fact.type for fact in effects.facts] == ["feed.ignored"]


def test_a_command_that_no_view_understands_is_refused_by_name() -> None:
    with pytest.raises(UnknownCommand, match="feed\\.paint"):
        View().send("feed.paint", {})


def test_the_same_command_is_decided_the_same_way_again() -> None:
    view = View()
    view.tell("A")
    rows, before = view.stage.keys["portal/crm"], dict(view.rows)
    effects = view.answer("failed")
    rows.rows = before
    again = decide(Message(envelope_of(view), "portal/crm", answer_of(view), view.stage.now), rows)
    assert again == effects


def envelope_of(view: View) -> Envelope:
    """The envelope of the last command."""
    return Envelope(f"c-{view.stage.sent}", "feed.delivery-answer", "test", "acme", channel="portal")


def answer_of(view: View) -> feeds_v1.DeliveryAnswer:
    """The failure of the last attempt."""
    attempt = view.attempts[-1]
    return feeds_v1.delivery_answer(attempt_id=attempt["attempt_id"], seq=attempt["seq"], outcome="failed")
