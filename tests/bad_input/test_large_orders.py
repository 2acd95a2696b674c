"""Very large orders: carried through whole, or refused by name; and nobody waits long for either."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from streams.engine.deciding import Deciding
from tests.adapters.channels.x12_text import po1
from tests.bad_input.cases import COMPACT, DOCUMENTS, MANY, edi
from tests.bad_input.quay import BAD, Bad, Quay, Story, holds, line, order, played
from tests.support.redis import Server

LONGEST_S = 3.0  # of processor time for one decision; measured 0.4 s at most, on a machine with nothing else to do


@pytest.fixture
def slowest(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, float]]:
    """The slowest decision of each agent, seconds of processor time: for so long, others of its partition wait."""
    found: dict[str, float] = {}
    decide = Deciding._one

    def timed(self: Deciding, *arguments: Any) -> None:
        begun = time.process_time()
        decide(self, *arguments)
        found[self.agent.name] = max(found.get(self.agent.name, 0.0), time.process_time() - begun)

    monkeypatch.setattr(Deciding, "_one", timed)
    yield found


def document(channel: str, content: bytes, media: str = "application/json") -> Bad:
    return lambda at: at.say("POST", DOCUMENTS.format(channel), BAD, content=content, headers={"Content-Type": media})


@pytest.mark.parametrize("channel", ["market", "big"])
@pytest.mark.parametrize("kind", ["json", "x12"])
def test_ten_thousand_lines_are_refused_by_name_whatever_the_profile_allows(
    redis_server: Server, calm: Story, slowest: dict[str, float], channel: str, kind: str
) -> None:
    text = edi(*(po1(str(number), "1", "EA", "", "VN", "M") for number in range(MANY))).encode()
    sent = COMPACT if kind == "json" else text
    story = played(redis_server, document(channel, sent))
    (problem,) = story.receipt["problems"]
    assert (story.receipt["state"], problem["code"], story.receipt["orders"]) == ("rejected", "WH1006", [])
    assert "10000" in problem["message"] and "Split" in problem["remedy"]
    holds(story, calm)
    assert max(slowest.values()) < LONGEST_S


def test_a_thousand_lines_with_the_longest_names_are_carried_through_whole(
    redis_server: Server, calm: Story, slowest: dict[str, float]
) -> None:
    sku = "Ł" * 120 + "-{:03}"
    lines = [line(str(number), sku.format(number % 4), quantity="1") for number in range(1_000)]

    def bad(at: Quay) -> Any:
        for number in range(4):
            at.say(
                "PUT",
                f"/v1/reference/products/{sku.format(number)}",
                f"p-{number}",
                json={"name": "Long"},
                headers={"X-Correlation-Id": BAD},
            )
            count = {"kind": "counted", "source": "wms1", "event_id": f"long-{number}", "as_of": "2026-03-02T08:00:00Z"}
            body = {**count, "sku": sku.format(number), "location": "DC1", "quantity": "5000"}
            at.say("POST", "/v1/inventory/events", f"long-{number}", json=body, headers={"X-Correlation-Id": BAD})
        return at.say("POST", "/v1/orders", BAD, json=order("M-1", "market", lines=lines))

    story = played(redis_server, bad)
    assert story.told.status_code == 202, story.told.text
    assert (story.receipt["state"], story.order["status"], len(story.order["lines"])) == ("accepted", "released", 1_000)
    assert {one["released"] for one in story.order["lines"]} == {"1"}
    holds(story, calm)
    assert max(slowest.values()) < LONGEST_S


def test_a_thousand_lines_that_nobody_knows_are_parked_whole(redis_server: Server, calm: Story) -> None:
    lines = [line(str(number), "unknown-" + "x" * 100 + str(number)) for number in range(1_000)]
    story = played(redis_server, lambda at: at.say("POST", "/v1/orders", BAD, json=order("M-1", "market", lines=lines)))
    assert (story.receipt["state"], story.order["status"]) == ("accepted", "received")
    assert len(story.order["exceptions"]) == len(story.order["lines"]) == 1_000
    holds(story, calm)


def test_many_long_words_over_the_body_limit_are_refused_at_the_door(redis_server: Server, calm: Story) -> None:
    extensions = {"note": "x" * 900_000}
    body = json.dumps({**order("M-1", "market"), "extensions": extensions}).encode()
    story = played(
        redis_server,
        lambda at: at.say("POST", "/v1/orders", BAD, content=body, headers={"Content-Type": "application/json"}),
    )
    assert (story.told.status_code, story.told.json()["code"]) == (413, "payload-too-large")
    holds(story, calm)
