"""A view is read without gaps, page by page or as a stream, and an expired cursor is told with where to begin."""

from __future__ import annotations

import pytest

from adapters.gateway.models import answers
from schemas.generated import feeds_v1
from tests.streams.project.test_stock_and_feeds import entry
from tests.support.gateway import NOW, Desk

PATH = "/v1/channels/portal/feed"


@pytest.fixture
def fed(desk: Desk) -> Desk:
    """A view of 250 entries."""
    messages = [entry(seq) for seq in range(1, 251)]
    for message in messages:
        message.record["data"] = b'{"order_id":"o-1","version":%d}' % message.record["seq"]
    desk.pages.feed = [message.record for message in messages]
    desk.project(*messages)
    return desk


def test_a_page_tells_where_it_ends_and_what_is_left(fed: Desk) -> None:
    body = fed.send("GET", f"{PATH}?after=0&limit=100").json()
    answers.FeedAnswer.model_validate(body)
    assert (len(body["entries"]), body["next"], body["head"], body["complete"]) == (100, 101, 250, False)


def test_the_last_page_is_complete(fed: Desk) -> None:
    body = fed.send("GET", f"{PATH}?after=200").json()
    assert ([one["seq"] for one in body["entries"]], body["next"], body["complete"]) == (
        list(range(201, 251)),
        251,
        True,
    )


def test_all_pages_together_are_the_view(fed: Desk) -> None:
    seen: list[int] = []
    while not (page := fed.send("GET", f"{PATH}?after={len(seen)}&limit=77").json())["complete"]:
        seen += [one["seq"] for one in page["entries"]]
    assert [*seen, *(one["seq"] for one in page["entries"])] == list(range(1, 251))


def test_an_entry_carries_the_views_own_words(fed: Desk) -> None:
    first = fed.send("GET", f"{PATH}?limit=1").json()["entries"][0]
    assert first == {
        "seq": 1,
        "id": "e-1",
        "type": "order.created",
        "at": "2026-03-02T08:00:00.000Z",
        "hash": "",
        "data": {"order_id": "o-1", "version": 1},
    }


@pytest.mark.parametrize("after", [250, 999])
def test_who_has_all_gets_nothing_and_keeps_the_place(fed: Desk, after: int) -> None:
    body = fed.send("GET", f"{PATH}?after={after}").json()
    assert (body["entries"], body["next"], body["complete"]) == ([], after + 1, True)


def test_a_view_without_entries_is_empty_and_no_error(desk: Desk) -> None:
    body = desk.send("GET", f"{PATH}?view=releases").json()
    assert body == {"entries": [], "next": 1, "head": 0, "complete": True}


def test_a_cursor_beyond_what_is_kept_is_told_the_earliest(fed: Desk) -> None:
    fed.pages.low = 1_500
    answer = fed.send("GET", f"{PATH}?after=40")
    assert (answer.status_code, answer.json()["code"], answer.json()["earliest"]) == (410, "cursor-expired", 200)


def test_a_log_that_cannot_be_read_is_said_so(fed: Desk) -> None:
    fed.pages.away = True
    assert fed.send("GET", PATH).json()["code"] == "log-unavailable"


def test_waiting_for_an_entry_ends_with_the_time(desk: Desk) -> None:
    assert desk.send("GET", f"{PATH}?wait=0.01").json()["entries"] == []


def looks(desk: Desk, count: int) -> None:
    """Let the key live for so many looks of the stream, after the one of its admission."""
    left = iter([True] * (count + 1))
    desk.hub.keys.active = lambda key_id, now: next(left, False)  # type: ignore[method-assign]


def test_a_stream_begins_behind_the_last_event_id(fed: Desk) -> None:
    headers = fed.key()
    looks(fed, 1)
    answer = fed.send("GET", f"{PATH}/stream", {**headers, "Last-Event-ID": "248"})
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    blocks = answer.text.split("\n\n")
    assert blocks[0] == "retry: 3000"
    assert [block.splitlines()[:2] for block in blocks[1:3]] == [
        [f"id: {n}", "event: order.created"] for n in (249, 250)
    ]


def test_a_quiet_stream_has_a_heartbeat(fed: Desk) -> None:
    headers = fed.key()
    looks(fed, 2)
    assert fed.send("GET", f"{PATH}/stream?after=250", headers).text.count(": still here\n\n") == 2


def test_a_stream_ends_when_its_key_is_revoked(fed: Desk) -> None:
    headers = fed.key()
    looks(fed, 0)
    assert fed.send("GET", f"{PATH}/stream", headers).text == "retry: 3000\n\n"


def test_a_stream_whose_place_is_gone_is_refused_before_it_begins(fed: Desk) -> None:
    fed.pages.low = 1_500
    assert fed.send("GET", f"{PATH}/stream?after=1").status_code == 410


def test_a_strange_last_event_id_is_no_number_and_ignored(fed: Desk) -> None:
    headers = fed.key()
    looks(fed, 1)
    assert "id: 250" in fed.send("GET", f"{PATH}/stream?after=249", {**headers, "Last-Event-ID": "x" * 99}).text


def test_entries_are_of_the_time_they_tell(fed: Desk) -> None:
    assert feeds_v1.FeedEntry.__annotations__["at"] and fed.pages.feed[0]["at"] == NOW
