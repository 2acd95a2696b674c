from __future__ import annotations

import pytest

from streams.post import pace
from tests.streams.post.counter import Counter

LOST = ("unavailable", "ambiguous")


def posted_order() -> Counter:
    counter = Counter()
    counter.order("O-1")
    counter.say("posted", "SO-1")
    return counter


def test_an_order_is_created_under_its_own_key() -> None:
    counter = Counter()
    counter.order("O-1", revision=2)
    attempt = counter.last()
    assert (attempt["action"], attempt["idempotency_key"], attempt["number"]) == ("create", "wharf:O-1:2", "P-O-1")
    assert [line["sku"] for line in attempt["lines"]] == ["WIDGET"]


def test_a_posted_order_hears_its_document_number() -> None:
    [answer] = posted_order().answers
    assert (answer["outcome"], answer["number"], answer["erp"], answer["revision"]) == ("posted", "SO-1", "erp", 1)


def test_an_order_refused_by_rule_hears_the_reason() -> None:
    counter = Counter()
    counter.order("O-1")
    counter.say("refused", reason="account blocked")
    assert [(one["outcome"], one["reason"]) for one in counter.answers] == [("refused", "account blocked")]


def test_an_order_asked_for_twice_is_granted_once() -> None:
    counter = Counter()
    counter.order("O-1")
    counter.order("O-1")
    assert counter.actions() == ["create"]


def test_an_order_asked_for_again_after_its_end_hears_the_same_answer() -> None:
    counter = posted_order()
    counter.order("O-1")
    assert counter.answers[0] == counter.answers[1]
    assert counter.actions() == ["create"]


@pytest.mark.parametrize("outcome", LOST)
def test_after_a_lost_answer_the_erp_is_asked_before_anything_is_repeated(outcome: str) -> None:
    counter = Counter()
    counter.order("O-1")
    counter.say(outcome)
    assert counter.out == {}
    counter.wait(2)
    assert counter.actions() == ["create", "lookup"]


def test_what_the_look_up_finds_is_posted() -> None:
    counter = Counter()
    counter.order("O-1")
    counter.say("ambiguous")
    counter.wait(2)
    counter.say("found", "SO-1")
    assert counter.outcomes() == [("O-1", "posted")]
    assert counter.answers[0]["number"] == "SO-1"


def test_what_the_look_up_does_not_find_is_created_again() -> None:
    counter = Counter()
    counter.order("O-1")
    counter.say("ambiguous")
    counter.wait(2)
    counter.say("absent")
    assert counter.actions() == ["create", "lookup", "create"]
    assert len({one["idempotency_key"] for one in counter.granted}) == 1


def test_an_attempt_that_is_never_answered_is_looked_up() -> None:
    counter = Counter()
    counter.order("O-1")
    counter.wait(64)
    assert counter.actions() == ["create"]
    counter.wait(4)
    assert counter.actions() == ["create", "lookup"]
    assert counter.head["out"] == 1


def test_a_late_proof_of_the_document_ends_the_search() -> None:
    counter = Counter()
    counter.order("O-1")
    create = counter.last()
    counter.wait(70)
    counter.answer(create, "posted", "SO-1")
    assert counter.outcomes() == [("O-1", "posted")]
    counter.say("found", "SO-1")
    assert counter.outcomes() == [("O-1", "posted")]
    assert counter.head["out"] == 0


def test_a_late_doubt_changes_nothing() -> None:
    counter = Counter()
    counter.order("O-1")
    create = counter.last()
    counter.wait(70)
    before = counter.rows["job|O-1"]
    counter.answer(create, "ambiguous")
    assert counter.rows["job|O-1"] == before


def test_an_answer_about_another_order_parks_this_one() -> None:
    counter = Counter()
    counter.order("O-1")
    counter.say("posted", "SO-9", order_id="O-9")
    assert counter.outcomes() == []
    counter.wait(2)
    assert counter.actions() == ["create", "lookup"]


def test_repeated_doubt_backs_off() -> None:
    assert [pace.back_off_ms(failures) for failures in (1, 2, 3, 7, 50)] == [1_000, 2_000, 4_000, 60_000, 60_000]


def test_a_cancel_before_the_create_was_granted_drops_the_job() -> None:
    counter = Counter()
    counter.send("post.set-pace", {"erp": "erp", "paused": True, "rate_per_s": 0, "window_max": 0})
    counter.order("O-1")
    counter.cancel("O-1")
    counter.send("post.set-pace", {"erp": "erp", "paused": False, "rate_per_s": 0, "window_max": 0})
    assert counter.actions() == []
    assert counter.outcomes() == [("O-1", "cancelled")]


def test_a_cancel_while_the_create_is_out_is_sent_after_it() -> None:
    counter = Counter()
    counter.order("O-1")
    counter.cancel("O-1")
    assert counter.outcomes() == []
    counter.say("posted", "SO-1")
    assert (counter.last()["action"], counter.last()["erp_number"]) == ("cancel", "SO-1")
    counter.say("cancelled")
    assert counter.outcomes() == [("O-1", "cancelled")]


def test_a_cancel_of_a_posted_order_cancels_its_document() -> None:
    counter = posted_order()
    counter.cancel("O-1")
    counter.say("cancelled")
    assert counter.actions() == ["create", "cancel"]
    assert counter.outcomes() == [("O-1", "posted"), ("O-1", "cancelled")]


def test_a_cancel_with_a_lost_answer_is_sent_again() -> None:
    counter = posted_order()
    counter.cancel("O-1")
    counter.say("ambiguous")
    counter.wait(2)
    counter.say("cancelled")
    assert counter.actions() == ["create", "cancel", "cancel"]


def test_a_cancel_during_the_search_ends_where_nothing_is_found() -> None:
    counter = Counter()
    counter.order("O-1")
    counter.say("ambiguous")
    counter.cancel("O-1")
    counter.wait(2)
    counter.say("absent")
    assert counter.actions() == ["create", "lookup"]
    assert counter.outcomes() == [("O-1", "cancelled")]


def test_a_refused_cancel_leaves_the_document_and_says_why() -> None:
    counter = posted_order()
    counter.cancel("O-1")
    counter.say("refused", reason="shipped")
    assert [(one["outcome"], one["reason"]) for one in counter.answers[1:]] == [("refused", "cancel: shipped")]
    assert counter.rows["job|O-1"]["state"] == "posted"


def test_a_cancel_that_overtakes_its_order_holds() -> None:
    counter = Counter()
    counter.cancel("O-1")
    counter.order("O-1")
    assert counter.actions() == []
    assert counter.outcomes() == [("O-1", "cancelled")] * 2


def test_a_newer_revision_takes_the_place_of_a_posted_one() -> None:
    counter = posted_order()
    counter.order("O-1", revision=2)
    counter.say("cancelled")
    counter.say("posted", "SO-2")
    assert [(one["action"], one["revision"]) for one in counter.granted] == [
        ("create", 1),
        ("cancel", 1),
        ("create", 2),
    ]
    assert [(one["revision"], one["number"]) for one in counter.answers] == [(1, "SO-1"), (2, "SO-2")]


def test_a_test_order_stays_one_on_its_way() -> None:
    counter = Counter()
    effects = counter.order("O-1", disposition="test")
    assert [(ask.type, ask.disposition, ask.channel) for ask in effects.asks] == [("post.attempt", "test", "portal")]
    answered = counter.say("posted", "SO-1")
    assert [(ask.key, ask.disposition) for ask in answered.asks] == [("O-1", "test")]


def test_when_all_is_answered_nothing_is_left_but_the_outcome() -> None:
    counter = posted_order()
    assert sorted(name.partition("|")[0] for name in counter.rows) == ["head", "job"]
    assert counter.timers == {}


def test_every_command_is_answered_by_a_fact() -> None:
    counter = posted_order()
    assert counter.order("O-1").facts
    assert counter.send("post.due", {"reason": "retry", "attempt_id": "", "order_id": "gone"}).facts
