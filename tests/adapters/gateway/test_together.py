"""Requests at the same time: one key is answered once at a time, slow ones hold nobody up, a hub forgets nothing newer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

import httpx
import pytest
import redis.asyncio

from adapters.gateway.hub import Hub, Patience
from adapters.gateway.keys import issue
from adapters.gateway.main import create_app
from adapters.gateway.waiting import until
from schemas.generated.reference_v1 import subscription
from schemas.settings import Settings
from tables.redis.reader import ReadModels
from tests.adapters.gateway.bodies import ORDER
from tests.support.gateway import NOW, FakeLog, FakePages
from tests.support.redis import Server

Ask = Callable[..., Awaitable[httpx.Response]]


class SlowLog(FakeLog):
    """A log whose acknowledgement comes when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.acknowledged = asyncio.Event(), asyncio.Event()

    async def send(self, type: str, key: str, record: Mapping[str, Any], *, tenant: str, **envelope: str) -> str:
        self.asked.set()
        await self.acknowledged.wait()
        return await super().send(type, key, record, tenant=tenant, **envelope)


def hub_over(url: str, log: FakeLog) -> Hub:
    models = ReadModels(redis.asyncio.Redis.from_url(url), "dev")
    return Hub(
        settings=Settings(environment="dev"),
        log=log,
        models=models,
        pages=FakePages(),
        clock=lambda: NOW,
        patience=Patience(appear_s=0.0),
    )


def play(server: Server, story: Callable[[SlowLog, Ask], Awaitable[None]]) -> None:
    """Run a story of concurrent requests on one loop."""

    async def once() -> None:
        log, issued = SlowLog(), issue(("admin",))
        hub = hub_over(server.url, log)
        hub.keys.put("acme", issued.record)
        headers = {"Authorization": f"Bearer {issued.token}", "Idempotency-Key": "k-1"}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(create_app(hub)), base_url="http://test", headers=headers
        ) as client:
            await story(log, client.request)
        await hub.models.close()

    with server.client() as client:
        client.flushall()
    asyncio.run(once())


def test_a_second_request_with_the_key_of_a_running_one_is_told_to_come_back(redis_server: Server) -> None:
    async def story(log: SlowLog, ask: Ask) -> None:
        first = asyncio.create_task(ask("POST", "/v1/orders", json=ORDER))  # type: ignore[arg-type, var-annotated]
        await log.asked.wait()
        second = await ask("POST", "/v1/orders", json=ORDER)
        log.acknowledged.set()
        assert ((await first).status_code, second.status_code, second.json()["code"]) == (
            202,
            409,
            "request-in-progress",
        )
        third = await ask("POST", "/v1/orders", json=ORDER)
        assert (third.content, third.headers["Idempotent-Replayed"]) == ((await first).content, "true")

    play(redis_server, story)


def test_nothing_is_answered_before_the_log_has_it(redis_server: Server) -> None:
    async def story(log: SlowLog, ask: Ask) -> None:
        first = asyncio.create_task(ask("POST", "/v1/orders", json=ORDER))  # type: ignore[arg-type, var-annotated]
        await log.asked.wait()
        await asyncio.sleep(0)
        assert not first.done() and log.sent == []
        log.acknowledged.set()
        assert (await first).status_code == 202 and len(log.sent) == 1

    play(redis_server, story)


def test_a_slow_log_does_not_hold_up_who_reads(redis_server: Server) -> None:
    async def story(log: SlowLog, ask: Ask) -> None:
        first = asyncio.create_task(ask("POST", "/v1/orders", json=ORDER))  # type: ignore[arg-type, var-annotated]
        await log.asked.wait()
        assert (await ask("GET", "/v1/orders?channel=portal&number=P-1001")).json() == {"orders": []}
        log.acknowledged.set()
        await first

    play(redis_server, story)


def test_other_keys_are_answered_side_by_side(redis_server: Server) -> None:
    async def story(log: SlowLog, ask: Ask) -> None:
        log.acknowledged.set()
        bodies = [{**ORDER, "number": f"P-{n}"} for n in range(40)]
        answers = await asyncio.gather(
            *(
                ask("POST", "/v1/orders", json=body, headers={"Idempotency-Key": f"k-{n}"})
                for n, body in enumerate(bodies)
            )
        )
        assert {answer.status_code for answer in answers} == {202}
        assert len({answer.json()["order_id"] for answer in answers}) == len(log.sent) == 40

    play(redis_server, story)


@pytest.mark.parametrize(("seconds", "expected"), [(10.0, 3), (0.0, 1)])
def test_waiting_ends_with_the_first_good_answer_or_with_the_time(
    redis_server: Server, seconds: float, expected: int
) -> None:
    looks: list[int] = []

    async def ask() -> int:
        looks.append(len(looks) + 1)
        return looks[-1]

    async def once() -> int:
        hub = hub_over(redis_server.url, FakeLog())
        hub.patience.poll_s = 0.001
        return await until(hub, ask, lambda found: found == 3, seconds)

    assert asyncio.run(once()) == expected == len(looks)


def test_those_who_wait_together_look_no_more_often_than_so(
    redis_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub, pauses = hub_over(redis_server.url, FakeLog()), list[float]()
    pause = asyncio.sleep

    async def noted(seconds: float) -> None:
        pauses.append(seconds)
        await pause(0)

    async def crowd(many: int) -> list[float]:
        pauses.clear()
        looks = [iter((False, True)) for _ in range(many)]

        async def look(own: Iterator[bool]) -> bool:
            await pause(0)  # so that all wait at the same time
            return next(own)

        await asyncio.gather(*(until(hub, lambda own=own: look(own), bool, 9.0) for own in looks))  # type: ignore[misc]
        return pauses

    monkeypatch.setattr("adapters.gateway.waiting.asyncio.sleep", noted)
    assert asyncio.run(crowd(5)) == [hub.patience.poll_s] * 5
    assert asyncio.run(crowd(500)) == [500 * hub.patience.share_s] * 500
    assert hub.waiting == 0


def test_who_gives_up_waits_no_more(redis_server: Server) -> None:
    hub = hub_over(redis_server.url, FakeLog())

    async def fails() -> bool:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        asyncio.run(until(hub, fails, bool, 1.0))
    assert hub.waiting == 0


def test_a_subscription_read_behind_a_newer_one_changes_nothing(redis_server: Server) -> None:
    hub = hub_over(redis_server.url, FakeLog())
    new, old = (subscription(channel="portal", name="x", epoch=version, version=version) for version in (2, 1))
    hub.subscription_told("acme", "portal|x", new)
    hub.subscription_told("acme", "portal|x", old)
    assert hub.subscriptions[("acme", "portal|x")]["epoch"] == 2
    hub.subscription_told("acme", "portal|x", None)
    assert hub.subscriptions == {}
