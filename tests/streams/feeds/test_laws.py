"""Laws of a view, over any interleaving of statuses, answers, waits and its owner's changes."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.channels.writers.entries import Entry, chained
from schemas.generated import feeds_v1
from streams.feeds.schedule import HOUR, WINDOW
from tests.streams.feeds.view import URL, View

OUTCOMES = st.sampled_from(
    ["delivered", "delivered", "failed", "throttled", "refused-address", "expired", "declined", "gone"]
)
STEPS = st.one_of(
    st.tuples(st.just("tell"), st.sampled_from("ABC"), st.sampled_from([0, 0, 1, 2, 3])),
    st.tuples(st.just("answer"), OUTCOMES, st.integers(0, 50)),
    st.tuples(st.just("wait"), st.just(""), st.sampled_from([1_000, 60_000, HOUR, 30 * HOUR])),
    st.tuples(st.just("refilter"), st.just(URL), st.just(0)),
    st.tuples(st.just("subscribe"), st.sampled_from([URL, URL, ""]), st.just(0)),
)
STORIES = st.lists(STEPS, max_size=40)


def play(story: list[tuple[str, str, int]], mode: str = "every") -> View:
    """The view after the story."""
    view = View(mode=mode)
    for step, what, number in story:
        if step == "tell":
            view.tell(what, version=number)
        elif step == "wait":
            view.pass_time(number)
        elif step == "subscribe":
            view.subscribe(what, mode)
        elif step == "refilter":
            view.refilter(what, mode)
        elif view.attempts:
            view.answer(what, of=view.attempts[number % len(view.attempts)])
    return view


def healed(view: View) -> View:
    """The view after its endpoint came back and took all that was left."""
    for _ in range(5):
        view.subscribe(URL)
        while view.head["in_flight"]:
            under_way = [a for a in view.attempts if f"attempt|{a['attempt_id']}" in view.rows]
            view.answer("delivered", of=under_way[0])
        view.pass_time(1_000)
    return view


def entry_of(entry: feeds_v1.FeedEntry) -> Entry:
    """The entry as its receivers see it."""
    return Entry(entry["seq"], entry["id"], entry["type"], entry["at"], entry["data"])


def states(view: View) -> dict[int, str]:
    """How the delivery of each entry ended; entries that were never in line are missing."""
    return {row["place"]: row["state"] for name, row in view.rows.items() if name.startswith("pending|")}


@given(STORIES)
def test_numbers_have_no_gaps_and_the_chain_proves_them(story) -> None:
    expected = (0, 0, "")
    for entry in play(story).entries:
        begins = entry["epoch"] > expected[0]
        seq, previous = (1, "") if begins else (expected[1] + 1, expected[2])
        assert (entry["seq"], entry["previous"], entry["epoch"] >= expected[0]) == (seq, previous, True)
        expected = (entry["epoch"], seq, chained(previous, entry_of(entry)))
        assert entry["hash"] == expected[2]


@given(STORIES)
def test_first_attempts_of_an_order_come_in_order(story) -> None:
    view, firsts = play(story), defaultdict(list)
    numbered = {entry["id"]: (number, entry["order_key"]) for number, entry in enumerate(view.entries)}
    for webhook_id in dict.fromkeys(attempt["webhook_id"] for attempt in view.attempts):
        number, order = numbered[webhook_id]
        firsts[order].append(number)
    assert all(earlier < later for seqs in firsts.values() for earlier, later in pairwise(seqs))


@given(STORIES)
def test_an_entry_keeps_its_webhook_id(story) -> None:
    view = play(story)
    named = {(attempt["seq"], attempt["webhook_id"]) for attempt in view.attempts}
    assert named <= {(entry["seq"], entry["id"]) for entry in view.entries}


@given(STORIES)
def test_one_attempt_of_an_order_is_under_way_at_most(story) -> None:
    view = play(story)
    under_way = [row["order_key"] for name, row in view.rows.items() if name.startswith("attempt|")]
    assert len(under_way) == len(set(under_way)) == view.head["in_flight"] <= WINDOW


@given(STORIES)
def test_the_counters_are_what_the_rows_say(story) -> None:
    view = play(story)
    waiting = list(states(view).values())
    kinds = {"ready": "ready", "retrying": "retry", "in_flight": "attempt"}
    assert view.head["backlog"] == len(waiting)
    assert all(waiting.count(state) == view.row_count(kind) for state, kind in kinds.items())


@settings(deadline=None)
@given(STORIES)
def test_every_entry_ends_delivered_or_given_up_by_name(story) -> None:
    view = healed(play(story))
    assert (states(view), view.row_count("attempt"), view.head["backlog"]) == ({}, 0, 0)


@given(STORIES)
def test_nothing_waits_without_somebody_who_comes_back(story) -> None:
    view = play(story)
    heads = {
        row["order_key"]: row["state"]
        for name, row in sorted(view.rows.items(), reverse=True)
        if name.startswith("pending|")
    }
    stuck = [key for key, state in heads.items() if state == "retrying" and f"retry|{key}" not in view.timers]
    unwatched = view.head["in_flight"] and "overdue" not in view.timers
    assert not stuck and not unwatched and "waiting" not in heads.values()


@given(STORIES)
def test_in_mode_latest_the_newest_status_of_an_order_is_never_overtaken(story) -> None:
    view = play(story, mode="latest")
    newest = {entry["order_key"]: number for number, entry in enumerate(view.entries, 1)}
    queued = defaultdict(list)
    for name, row in view.rows.items():
        if name.startswith("pending|"):
            queued[row["order_key"]].append(row["place"])
    assert all(len(seqs) <= 2 and max(seqs) <= newest[key] for key, seqs in queued.items())


@given(STORIES)
def test_the_same_story_has_the_same_effects(story) -> None:
    one, other = play(story), play(story)
    assert (one.rows, one.attempts, one.published) == (other.rows, other.attempts, other.published)
