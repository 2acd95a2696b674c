"""How fast an ERP is asked."""

from __future__ import annotations

from itertools import pairwise

from streams.post import pace
from tests.streams.post.counter import Counter


def crowd(count: int) -> Counter:
    counter = Counter()
    for index in range(count):
        counter.order(f"O-{index:03d}", placed=index)
    return counter


def answer_all(counter: Counter, outcome: str) -> None:
    for attempt in list(counter.out.values()):
        counter.answer(attempt, outcome, "SO")


def broken(count: int = 40) -> Counter:
    """Orders, and an ERP that failed until the breaker opened and nothing was out."""
    counter = crowd(count)
    while counter.out:
        answer_all(counter, "unavailable")
    return counter


def test_no_more_than_the_window_is_out() -> None:
    counter = crowd(40)
    assert len(counter.out) == counter.head["out"] == pace.WINDOW
    answer_all(counter, "posted")
    assert len(counter.out) == pace.WINDOW


def test_the_oldest_goes_first_and_the_urgent_before_it() -> None:
    counter = Counter()
    counter.send("post.set-pace", {"erp": "erp", "paused": True, "rate_per_s": 0, "window_max": 0})
    counter.order("YOUNG", placed=9)
    counter.order("OLD", placed=1)
    counter.order("URGENT", placed=20, priority=10)
    counter.send("post.set-pace", {"erp": "erp", "paused": False, "rate_per_s": 0, "window_max": 0})
    assert [one["order_id"] for one in counter.granted] == ["URGENT", "OLD", "YOUNG"]


def test_a_second_has_its_budget() -> None:
    counter = Counter()
    counter.send("post.set-pace", {"erp": "erp", "paused": False, "rate_per_s": 3, "window_max": 0})
    for index in range(7):
        counter.order(f"O-{index}")
    assert len(counter.granted) == 3
    counter.wait(1)
    assert len(counter.granted) == 6
    counter.wait(1)
    assert len(counter.granted) == 7


def test_five_failures_in_a_row_open_the_breaker() -> None:
    counter = crowd(40)
    for _ in range(4):
        counter.answer(next(iter(counter.out.values())), "unavailable")
    assert counter.head["breaker"] == "closed"
    counter.answer(next(iter(counter.out.values())), "unavailable")
    assert counter.head["breaker"] == "open"


def test_one_success_between_failures_keeps_it_closed() -> None:
    counter = crowd(40)
    for outcome in ("unavailable", "ambiguous", "unavailable", "unavailable", "posted", "unavailable", "ambiguous"):
        counter.answer(next(iter(counter.out.values())), outcome)
    assert counter.head["breaker"] == "closed"


def test_many_failures_among_successes_open_it_too() -> None:
    state = pace.fresh()
    for index in range(400):
        state = pace.failed(state, index) if index % 2 else pace.succeeded(state, index)
    assert state["breaker"] == "open"


def test_old_failures_are_forgotten() -> None:
    state = pace.fresh()
    for index in range(400):
        now = index * 10_000
        state = pace.failed(state, now) if index % 2 else pace.succeeded(state, now)
    assert state["breaker"] == "closed"


def test_an_open_breaker_lets_nothing_out_until_its_probe() -> None:
    counter = broken()
    before = len(counter.granted)
    counter.wait(0.9)
    assert len(counter.granted) == before
    counter.wait(0.2)
    assert len(counter.granted) == before + 1
    assert counter.head["breaker"] == "half-open"


def test_a_failed_probe_opens_it_for_longer() -> None:
    counter, waits = broken(), []
    for _ in range(8):
        waits.append((counter.timers["probe"].due or 0) - counter.now)
        counter.wait(waits[-1] / 1000)
        answer_all(counter, "unavailable")
    assert waits == [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]


def test_after_the_outage_the_erp_is_not_flooded() -> None:
    counter, outs = broken(200), []
    counter.wait(1)
    while counter.out:
        outs.append(len(counter.out))
        attempt = next(iter(counter.out.values()))
        counter.answer(attempt, "absent" if attempt["action"] == "lookup" else "posted", "SO")
        counter.wait(0.05)
    assert outs[:4] == [1, 1, 1, 1]
    assert all(later - earlier <= 1 for earlier, later in pairwise(outs))
    assert max(outs) == pace.WINDOW
    assert len(counter.outcomes()) == 200


def test_a_breaker_closes_after_fifty_successes() -> None:
    state = pace.probing(pace.opened(pace.fresh()))
    for now in range(49):
        state = pace.succeeded(state, now)
    assert state["breaker"] == "half-open"
    assert pace.succeeded(state, 50)["breaker"] == "closed"


def test_a_relapse_opens_it_again() -> None:
    state = pace.probing(pace.opened(pace.fresh()))
    for now in range(20):
        state = pace.succeeded(state, now)
    narrowed = pace.failed(state, 20)
    assert (narrowed["breaker"], narrowed["window"] < state["window"]) == ("half-open", True)
    assert pace.failed(pace.failed(narrowed, 21), 22)["breaker"] == "open"


def test_an_erp_that_asks_for_less_gets_less() -> None:
    counter = crowd(40)
    counter.say("throttled", retry_after_s=5)
    assert counter.head["window"] == pace.WINDOW // 2
    before = len(counter.granted)
    answer_all(counter, "posted")
    assert len(counter.granted) == before
    counter.wait(5)
    assert len(counter.granted) > before


def test_nothing_goes_out_while_a_person_has_paused_it() -> None:
    counter = Counter()
    counter.send("post.set-pace", {"erp": "erp", "paused": True, "rate_per_s": 0, "window_max": 0})
    counter.order("O-1")
    counter.wait(3600)
    assert counter.granted == []


def test_nothing_is_lost_while_the_erp_is_away() -> None:
    counter = crowd(30)
    for _ in range(40):
        answer_all(counter, "unavailable")
        counter.wait(30)
    for _ in range(200):
        for attempt in list(counter.out.values()):
            counter.answer(attempt, "absent" if attempt["action"] == "lookup" else "posted", "SO")
        counter.wait(2)
    assert len({order for order, _ in counter.outcomes()}) == len(counter.outcomes()) == 30
