"""Numbers without gaps, a chain that proves itself, nothing told twice."""

from __future__ import annotations

import hashlib
import json

from schemas.canonical import canonical
from streams.feeds import append
from tables.feeds import numbering
from tests.streams.feeds.view import View


def test_entries_are_numbered_from_one_without_gaps() -> None:
    view = View(url="")
    for order in "ABA":
        view.tell(order)
    assert [entry["seq"] for entry in view.entries] == [1, 2, 3]


def test_each_entry_carries_the_hash_of_the_one_before() -> None:
    view = View(url="")
    view.tell("A")
    view.tell("B")
    first, second = view.entries
    assert (first["previous"], second["previous"]) == ("", first["hash"])


def test_a_stranger_can_compute_the_hash_from_the_entry_alone() -> None:
    view = View(url="")
    view.tell("A")
    view.tell("A", data={"order_id": "A", "number": "P-1"})
    entry = view.entries[1]
    shown = {
        "at": "2026-03-02T08:00:00.000Z",
        "data": json.loads(entry["data"]),
        "id": entry["id"],
        "seq": 2,
        "type": "order.status.changed",
    }
    digest = hashlib.sha256(entry["previous"].encode() + canonical(shown)).hexdigest()
    assert entry["hash"] == digest


def test_the_same_event_is_told_once() -> None:
    view = View(url="")
    view.tell("A", source="event")
    view.tell("A", source="event")
    assert len(view.entries) == 1


def test_a_command_that_changes_nothing_still_is_decided() -> None:
    view = View(url="")
    view.tell("A", source="event")
    assert [fact.type for fact in view.tell("A", source="event").facts] == ["feed.ignored"]


def test_an_older_version_of_an_order_is_not_told_after_a_newer_one() -> None:
    view = View(url="")
    view.tell("A", version=7)
    view.tell("A", version=5)
    assert [entry["version"] for entry in view.entries] == [7]


def test_what_has_no_version_does_not_lower_what_is_known_of_an_order() -> None:
    view = View(url="")
    view.tell("A", version=7)
    view.tell("A")
    view.tell("A", version=6)
    assert [entry["version"] for entry in view.entries] == [7, 0]


def test_the_versions_of_one_order_do_not_hold_back_another() -> None:
    view = View(url="")
    view.tell("A", version=7)
    view.tell("B", version=1)
    assert [entry["order_key"] for entry in view.entries] == ["A", "B"]


def test_the_rows_of_a_view_stay_bounded(monkeypatch) -> None:
    monkeypatch.setattr(numbering, "WINDOW", 5)
    view = View(url="")
    for number in range(40):
        view.tell(f"order-{number}")
    assert {kind: view.row_count(kind) for kind in ("known", "told", "reach", "pending")} == {
        "known": 5,
        "told": 5,
        "reach": 5,
        "pending": 0,
    }


def test_an_order_that_keeps_talking_keeps_its_guard(monkeypatch) -> None:
    monkeypatch.setattr(numbering, "WINDOW", 3)
    view = View(url="")
    for version in range(1, 20):
        view.tell("A", version=version)
    view.tell("A", version=3)
    assert (len(view.entries), view.row_count("reach")) == (19, 1)


def test_a_pull_only_view_keeps_no_queue() -> None:
    view = View(url="")
    view.tell("A")
    assert (view.row_count("pending"), view.attempts, view.timers) == (0, [], {})


def test_a_full_queue_is_left_to_the_feed(monkeypatch) -> None:
    monkeypatch.setattr(append, "BACKLOG", 2)
    view = View()
    for order in "ABCD":
        view.tell(order)
    assert (len(view.entries), view.tried) == (4, [1, 2])


def test_numbers_and_hashes_begin_again_with_a_new_epoch() -> None:
    view = View()
    view.tell("A")
    view.refilter()
    view.tell("A")
    places = [(entry["epoch"], entry["seq"], entry["previous"]) for entry in view.entries]
    assert places == [(1, 1, ""), (2, 1, "")]


def test_an_entry_of_a_new_epoch_that_comes_before_the_owners_word_begins_it() -> None:
    view = View()
    view.tell("A")
    view.epoch = 2
    view.tell("A")
    view.subscribe()
    view.tell("A")
    assert [(entry["epoch"], entry["seq"]) for entry in view.entries] == [(1, 1), (2, 1), (2, 2)]


def test_an_entry_of_an_older_epoch_is_numbered_in_the_present_one() -> None:
    view = View()
    view.refilter()
    view.tell("A")
    view.epoch = 1
    view.tell("A")
    assert [(entry["epoch"], entry["seq"]) for entry in view.entries] == [(2, 1), (2, 2)]


def test_what_is_queued_when_an_epoch_ends_is_delivered_under_its_old_number() -> None:
    view = View()
    for _ in range(2):
        view.tell("A")
    view.refilter()
    view.tell("A")
    for _ in range(2):
        view.answer("delivered")
    bodies = [json.loads(attempt["body"]) for attempt in view.attempts]
    assert [(body["epoch"], body["seq"]) for body in bodies] == [(1, 1), (1, 2), (2, 1)]


def test_an_order_key_with_a_bar_in_it_does_not_meet_another() -> None:
    view = View()
    view.tell("A|1")
    view.tell("A")
    assert view.tried == [1, 2]
