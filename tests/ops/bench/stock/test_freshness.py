"""When an event counts as visible."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import httpx
import orjson
import pytest
import redis

from ops.bench.stock import freshness
from ops.bench.stock.freshness import LOCATION, Sent, Waiting, figures, measure, reader, watched
from ops.demo import world
from ops.embedded.redis import Redis
from ops.running import Running
from tables.redis import keys
from tables.redis.values import versioned


def value(units: int) -> bytes:
    return versioned(units + 1, {"locations": [{"location": LOCATION, "on_hand": str(units)}]})


def test_an_event_is_visible_when_as_many_units_are_there() -> None:
    waiting, first, second = Waiting(), Sent("A", 11, 0.0), Sent("A", 12, 0.0)
    waiting.add([first, second])
    waiting.note({"A": 11}, at=1.0)
    assert (first.visible, second.visible, waiting.skus()) == (1.0, 0.0, ["A"])


def test_events_that_came_in_one_value_are_visible_together() -> None:
    waiting, events = Waiting(), [Sent("A", units, 0.0) for units in (11, 12, 13)]
    waiting.add(events)
    waiting.note({"A": 13}, at=2.0)
    assert [one.visible for one in events] == [2.0, 2.0, 2.0]
    assert waiting.skus() == []


def test_an_event_is_not_seen_before_it_was_accepted() -> None:
    found = figures([Sent("A", 1, posted=1.0, accepted=1.2, visible=1.1)], 500, warm=0.0)
    assert (found.visible.p50_ms, found.posted.p50_ms) == (0.0, pytest.approx(100))


def test_the_first_seconds_are_not_counted_and_the_unseen_are() -> None:
    events = [Sent("A", 1, 0.5, 0.6, 0.7), Sent("A", 2, 1.5, 1.6, 1.7), Sent("A", 3, 1.6, 1.7)]
    found = figures(events, 500, warm=1.0)
    assert (found.sent, found.lost, found.visible.count) == (2, 1, 1)


def test_redis_is_read_by_sku_and_unknown_ones_are_left_out(redis_server: Redis, environment: str) -> None:
    with redis.Redis.from_url(redis_server.url) as client:
        client.set(f"{environment}:{keys.availability('acme', 'A')}", value(7))
        assert reader(client, f"{environment}:", "acme")(["A", "B"]) == {"A": 7}


def test_looking_ends_with_the_block() -> None:
    looks: list[Sequence[str]] = []
    waiting, event = Waiting(), Sent("A", 1, 0.0)
    waiting.add([event])

    def read(skus: Sequence[str]) -> dict[str, int]:
        looks.append(skus)
        return {"A": 1}

    with watched(waiting, read):
        asyncio.run(freshness._seen(waiting))
    assert event.visible > 0
    assert looks == [["A"]]


def test_events_are_posted_at_the_rate_and_timed_until_redis_has_them(
    redis_server: Redis, environment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "WARM_S", 0.0)
    client = redis.Redis.from_url(redis_server.url)
    names = {item.sku: f"{environment}:{keys.availability('acme', item.sku)}" for item in world.items()}
    held = dict.fromkeys(names, 0)
    for name in names.values():
        client.set(name, value(0))

    def take(request: httpx.Request) -> httpx.Response:
        for event in orjson.loads(request.content):
            held[event["sku"]] += int(event["quantity"])
            client.set(names[event["sku"]], value(held[event["sku"]]))
        return httpx.Response(202, json={})

    up = Running(
        pid=1, gateway="http://site", kafka="", redis=redis_server.url, erp_url="", embedded=False,
        environment=environment, tenant="acme", keys={},
    )  # fmt: skip

    async def run() -> freshness.FreshFigures:
        async with httpx.AsyncClient(transport=httpx.MockTransport(take), base_url="http://site") as http:
            return await measure(http, up, per_second=1_000, seconds=0.05)

    found = asyncio.run(run())
    client.close()
    assert (found.sent, found.lost, sum(held.values())) == (50, 0, 50)
