"""The gateway at a real log: keys are followed, views are read by place, and what is no longer kept is told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from adapters.gateway.follower import CRITICAL, KEYS, SUBSCRIPTIONS, Follower
from adapters.gateway.hub import Expired, Hub
from adapters.gateway.keys import KeyRing, issue
from adapters.gateway.pages import LogPages, checked
from ops.embedded.broker import Broker
from schemas import wire
from schemas.generated import channel_v1, feeds_v1
from schemas.generated.reference_v1 import location
from schemas.settings import Settings
from streams.engine.client import LogUnavailable, Outbox
from tables.redis.view_index import Place
from tests.support.gateway import FakeLog, FakePages

DEADLINE_S = 20.0
pytestmark = pytest.mark.broker


@pytest.fixture
def deployment(broker: Broker, environment: str) -> Settings:
    return Settings(environment=environment, kafka=broker.bootstrap, embedded=True)


@pytest.fixture
def pages(deployment: Settings) -> Iterator[LogPages]:
    opened = LogPages(deployment)
    yield opened
    opened.close()


def told(deployment: Settings, say: Callable[[Outbox], Awaitable[None]]) -> None:
    """Let an outbox say something, and wait until it is stored."""

    async def once() -> None:
        outbox = Outbox(deployment, "test")
        try:
            await say(outbox)
        finally:
            await outbox.close()

    asyncio.run(once())


def until(good: Callable[[], bool]) -> None:
    """Wait for readiness, with a deadline."""
    deadline = time.monotonic() + DEADLINE_S
    while not good():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.01)


def hub(deployment: Settings) -> Hub:
    models: Any = None
    return Hub(settings=deployment, log=FakeLog(), models=models, pages=FakePages(), clock=lambda: 0, keys=KeyRing())


async def fill(outbox: Outbox, views: tuple[str, ...], count: int) -> None:
    """Entries of several views, one after the other."""
    for seq in range(1, count + 1):
        for view in views:
            entry = feeds_v1.feed_entry(
                channel="portal",
                view=view,
                seq=seq,
                id=f"{view}-{seq}",
                type="order.created",
                at=0,
                hash="",
                data=b"{}",
            )
            await outbox.send("feed.entry", f"portal/{view}", entry, tenant="acme")


def place_of(pages: LogPages, view: str) -> Place:
    """The partition that holds the view, found by looking, with its first offset."""
    for partition in range(4):
        try:
            found = asyncio.run(pages.entries("acme", view, Place(1, partition, 0), 0, 1))
        except (LogUnavailable, Expired):
            continue
        return Place(found[0]["seq"], partition, 0)
    raise AssertionError("no partition holds the view")


def test_keys_that_stand_in_the_log_are_known_before_it_is_ready(deployment: Settings) -> None:
    issued, known = issue(("admin",)), hub(deployment)
    told(deployment, lambda outbox: said(outbox, issued.record))
    follower = Follower(deployment, {KEYS: known.key_told, SUBSCRIPTIONS: known.subscription_told})
    follower.start()
    try:
        until(follower.informed)
        assert known.keys.caller(issued.token, 0) is not None
    finally:
        follower.stop()


def test_the_librarys_own_lines_do_not_stand_between_the_logs(deployment: Settings) -> None:
    configs = Follower(deployment, {})._config(), LogPages(deployment)._config()
    assert [config["log_level"] for config in configs] == [CRITICAL, CRITICAL]


def test_a_key_revoked_in_the_log_is_refused_within_moments(deployment: Settings) -> None:
    issued, known = issue(("admin",)), hub(deployment)
    follower = Follower(deployment, {KEYS: known.key_told})
    follower.start()
    try:
        told(deployment, lambda outbox: said(outbox, issued.record))
        until(lambda: known.keys.caller(issued.token, 0) is not None)
        told(deployment, lambda outbox: said(outbox, {**issued.record, "revoked": True, "version": 1}))
        until(lambda: known.keys.caller(issued.token, 0) is None)
        assert follower.informed()
    finally:
        follower.stop()


async def said(outbox: Outbox, record: Any) -> None:
    """A key into the log."""
    await outbox.send("reference.key", record["key_id"], record, tenant="acme")


def test_a_record_that_cannot_be_read_is_left_out_and_the_others_go_on(deployment: Settings) -> None:
    issued, known = issue(("admin",)), hub(deployment)
    follower = Follower(deployment, {KEYS: known.key_told})
    topic = deployment.topic(KEYS)
    follower.take(topic, b"acme|x", b"poison")
    follower.take(topic, b"\xff|x", b"poison")
    follower.take(topic, None, wire.encode("wharf.reference.v1.ApiKey", issued.record))
    follower.take(topic, b"acme|x", wire.encode("wharf.reference.v1.Location", location(code="x")))
    known.keys.put("acme", issued.record)
    follower.take(topic, f"acme|{issued.record['key_id']}".encode(), None)
    assert known.keys.caller(issued.token, 0) is None


def test_an_empty_value_is_no_tombstone_and_revokes_nobody(deployment: Settings) -> None:
    issued, known = issue(("admin",)), hub(deployment)
    follower = Follower(deployment, {KEYS: known.key_told})
    known.keys.put("acme", issued.record)
    follower.take(deployment.topic(KEYS), f"acme|{issued.record['key_id']}".encode(), b"")
    assert known.keys.caller(issued.token, 0) is not None


def test_a_record_in_a_view_that_cannot_be_read_hides_no_entry(deployment: Settings, pages: LogPages) -> None:
    async def poisoned(outbox: Outbox) -> None:
        await fill(outbox, ("default",), 2)
        foreign = wire.encode("wharf.reference.v1.Location", location(code="x"))
        for value in (b"junk", None, foreign):
            await outbox.publish("channels.feed", b"acme|portal/default", value, [])
        entry = feeds_v1.feed_entry(
            channel="portal", view="default", seq=3, id="default-3", type="order.created", at=0, hash="", data=b"{}"
        )
        await outbox.send("feed.entry", "portal/default", entry, tenant="acme")

    told(deployment, poisoned)
    start = place_of(pages, "portal/default")
    found = asyncio.run(pages.entries("acme", "portal/default", start, 0, 10))
    assert [entry["seq"] for entry in found] == [1, 2, 3]


def test_a_page_holds_its_own_view_only_and_in_order(deployment: Settings, pages: LogPages) -> None:
    told(deployment, lambda outbox: fill(outbox, ("default", "other", "third"), 30))
    start = place_of(pages, "portal/default")
    found = asyncio.run(pages.entries("acme", "portal/default", start, 10, 15))
    assert [entry["id"] for entry in found] == [f"default-{seq}" for seq in range(11, 26)]


def test_many_readers_share_a_few_consumers(deployment: Settings, pages: LogPages) -> None:
    told(deployment, lambda outbox: fill(outbox, ("default",), 20))
    start = place_of(pages, "portal/default")

    async def together() -> list[Any]:
        return await asyncio.gather(*(pages.entries("acme", "portal/default", start, after, 5) for after in range(12)))

    assert [[entry["seq"] for entry in page] for page in asyncio.run(together())] == [
        list(range(after + 1, after + 6)) for after in range(12)
    ]


def test_a_document_is_found_by_its_place_and_nothing_behind_the_end(deployment: Settings, pages: LogPages) -> None:
    stored = channel_v1.document(
        receipt="R", channel="edi", sender="s", resource="documents", body=b"ISA", sha256="", received_at=0
    )
    told(deployment, lambda outbox: sent(outbox, stored))
    found = [asyncio.run(pages.document(partition, 0)) for partition in range(4)]
    assert [one["receipt"] for one in found if one] == ["R"]


async def sent(outbox: Outbox, record: channel_v1.Document) -> None:
    """A document into the log."""
    await outbox.send("channel.document", "s", record, tenant="acme")


def test_a_broker_that_is_away_is_said_so() -> None:
    pages = LogPages(Settings(environment="dev", kafka="127.0.0.1:1"))
    try:
        with pytest.raises(LogUnavailable):
            asyncio.run(pages.entries("acme", "portal/default", Place(1, 0, 0), 0, 1))
    finally:
        pages.close()


def test_a_page_that_would_begin_with_a_gap_is_expired() -> None:
    entry = feeds_v1.feed_entry(channel="portal", view="default", seq=7, id="e", type="t", at=0, hash="", data=b"")
    assert checked([entry], 6) == [entry]
    with pytest.raises(Expired):
        checked([entry], 5)
    with pytest.raises(LogUnavailable):
        checked([], 5)
