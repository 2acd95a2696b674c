"""What a subscriber holds: pulled entries prove their chain, pushed ones are read as their ledger grows."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from ops.demo.follower import BrokenChain
from ops.demo.views import RECALLED, Pulled, Pushed, Statuses, place_of, slim
from tests.ops.demo.support import FakeChannel, Request
from tests.ops.demo.test_follower import FEED

LINE = {
    "line": "1", "sku": "A", "unit": "EA", "ordered": "5", "rejected": "0", "cancelled": "0", "substituted": "0",
    "pending": "0", "backordered": "0", "reserved": "0", "released": "0", "shipped": "5", "delivered": "5",
}  # fmt: skip


def status(number: str, headline: str, version: int) -> dict[str, Any]:
    data = {"order_id": f"id-{number}", "channel": "portal", "number": number, "status": headline, "version": version}
    return {"seq": version, "id": f"e-{version}", "type": "order.status.changed", "data": {**data, "lines": [LINE]}}


def pages(request: Request) -> Any:
    """The feed, three entries a page."""
    after = int(request[2]["after"])
    return {"entries": FEED[after : after + 3], "head": len(FEED)}


def test_a_view_is_pulled_to_its_head_page_by_page() -> None:
    view, heard = Pulled(FakeChannel(pages), "portal", "default", lambda entry: heard.append(entry)), list[Any]()
    while asyncio.run(view.turn()):
        pass
    assert [entry["seq"] for entry in view.entries] == [entry["seq"] for entry in heard] == list(range(1, 13))
    assert (view.key, view.head) == ("portal/default", 12)


def test_what_is_kept_of_an_entry_is_small() -> None:
    view = Pulled(FakeChannel(pages), "portal", "default")
    asyncio.run(view.turn())
    assert view.entries[0] == {"seq": 1, "id": FEED[0]["id"], "data": {"order_id": FEED[0]["data"]["order_id"]}}


def test_a_feed_that_skips_an_entry_is_not_believed() -> None:
    view = Pulled(FakeChannel(lambda request: {"entries": FEED[1:3], "head": 12}), "portal", "default")
    with pytest.raises(BrokenChain):
        asyncio.run(view.turn())


def test_a_ledger_is_read_as_it_grows_and_a_half_written_line_later(tmp_path: Path) -> None:
    ledger, pushed = tmp_path / "portal.jsonl", Pushed(tmp_path / "portal.jsonl")
    assert pushed.turn() == 0
    first, second = (json.dumps(status("P-1", "accepted", version)) + "\n" for version in (1, 2))
    ledger.write_text(first + second[:20])
    assert pushed.turn() == 1
    ledger.write_text(first + second)
    assert pushed.turn() == 1
    assert [one["seq"] for one in pushed.deliveries] == [1, 2]


def test_a_second_delivery_is_kept_and_is_no_second_entry(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text((json.dumps(status("P-1", "accepted", 1)) + "\n") * 2)
    pushed = Pushed(tmp_path / "a.jsonl")
    pushed.turn()
    assert (len(pushed.deliveries), pushed.ids) == (2, {"e-1"})


def test_the_newest_status_of_an_order_stands_whatever_comes_last() -> None:
    held = Statuses()
    for entry in (status("P-1", "accepted", 1), status("P-1", "shipped", 5), status("P-1", "released", 3)):
        held.hear(entry)
    assert held.last["P-1"]["status"] == "shipped"


def test_when_an_order_was_heard_of_first_does_not_change() -> None:
    held = Statuses()
    held.hear(status("P-1", "accepted", 1))
    first = held.first_at["P-1"]
    held.hear(status("P-1", "shipped", 2))
    assert held.first_at == {"P-1": first}


def test_how_cancels_ended_is_counted_and_they_are_no_status() -> None:
    held = Statuses()
    for refused in ([], [LINE], []):
        held.hear({"type": "order.cancelled", "data": {"number": "P-1", "refused": refused}})
    assert held.cancels == {"granted": 2, "refused": 1}
    assert not held.last


@pytest.mark.parametrize(
    ("headlines", "detail", "recalled"),
    [
        (("released", "cancelled", "shipped"), RECALLED, {"P-1"}),
        (("released", "shipped"), RECALLED, set()),
        (("released", "cancelled"), RECALLED, set()),
        (("released", "cancelled", "shipped"), "address unknown", set()),
    ],
    ids=["a whole order left", "a line of it left", "it stayed cancelled", "another exception"],
)
def test_an_order_that_was_cancelled_and_left_is_remembered(
    headlines: tuple[str, ...], detail: str, recalled: set[str]
) -> None:
    held = Statuses()
    for version, headline in enumerate(headlines):
        held.hear(status("P-1", headline, version))
    held.hear({"type": "exception.raised", "data": {"number": "P-1", "detail": detail}})
    assert held.recalled() == recalled


def test_a_status_too_large_to_be_pushed_whole_has_no_lines() -> None:
    data = {**status("P-1", "accepted", 1)["data"], "link": "/v1/…"}
    del data["lines"]
    assert slim(data)["lines"] == []


def test_a_slim_status_keeps_what_the_reconciliation_asks_for() -> None:
    (line,) = slim(status("P-1", "shipped", 1)["data"])["lines"]
    assert line == {name: value for name, value in LINE.items() if name not in ("unit", "delivered")}


def test_an_entry_that_is_nobodys_order_has_a_place_too() -> None:
    assert place_of({"seq": 1, "id": "e", "data": {}}) == {"seq": 1, "id": "e", "data": {"order_id": ""}}
