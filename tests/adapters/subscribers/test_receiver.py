"""The door against the demo's receiver, a process of its own that keeps its own ledger."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.subscribers import secrets
from adapters.subscribers.deliver import Deliverer
from adapters.subscribers.post import Poster
from schemas.envelope import Envelope
from schemas.generated import feeds_v1
from schemas.settings import Settings
from streams.engine.effects import Message
from tests.support.receiver import Receiver, receiver

SETTINGS = Settings(master_key=SecretStr(base64.b64encode(b"\x05" * 32).decode()), allow_local_webhooks=True)
NAMES = ("portal", "crm", "dead")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    """A receiver that knows its secrets."""
    known = {name: secrets.whsec(SETTINGS, "acme", "shop", name) for name in NAMES}
    with receiver(tmp_path_factory.mktemp("ledger"), known) as running:
        yield running


def attempt(shop: Receiver, name: str, seq: int = 1, **more: Any) -> Message:
    """An attempt for one of its subscriptions."""
    body = json.dumps({"type": "order.status.changed", "timestamp": "t", "data": {"n": seq}, "seq": seq}).encode()
    named = {
        "attempt_id": f"w{seq}.1",
        "channel": "shop",
        "view": name,
        "webhook_id": f"w{seq}",
        "url": shop.hook(name),
    }
    record = feeds_v1.delivery_attempt(**{**named, "seq": seq, "attempt": 1, "body": body, "deadline": 2**50, **more})
    return Message(Envelope(f"{name}-{seq}", "feed.attempt", "wharf/feeds", "acme"), f"shop/{name}|O", record, 0)


def deliver(*attempts: Message) -> dict[str, tuple[str, int, float]]:
    """Outcome, Retry-After and seconds it took, by view and number."""
    found: dict[str, tuple[str, int, float]] = {}
    began = time.monotonic()

    async def send(_: str, key: str, record: Any, **__: Any) -> str:
        found[f"{key}/{record['seq']}"] = (record["outcome"], record["retry_after_s"], time.monotonic() - began)
        return ""

    async def all_of_them() -> None:
        poster = Poster(lambda: int(time.time()), time_out_s=3)
        door = Deliverer(SETTINGS, poster.post, send, lambda: time.time_ns() // 1_000_000)
        await asyncio.gather(*map(door.handle, attempts))
        await poster.close()

    asyncio.run(all_of_them())
    return found


def outcome(*attempts: Message) -> str:
    """The outcome of the only attempt."""
    return next(iter(deliver(*attempts).values()))[0]


def test_a_signed_message_is_believed_and_kept(shop: Receiver) -> None:
    assert outcome(attempt(shop, "portal", 7)) == "delivered"
    assert [(line["webhook_id"], line["seq"]) for line in shop.taken("portal")][-1] == ("w7", 7)


def test_a_message_under_another_secret_is_not_believed(shop: Receiver) -> None:
    foreign = secrets.sealed(SETTINGS, b"\x09" * 32, "acme", "shop", "portal")
    before = len(shop.taken("portal"))
    assert outcome(attempt(shop, "portal", 8, secret=foreign)) == "failed"
    assert len(shop.taken("portal")) == before and "No matching signature" in shop.refused("portal")[-1]["reason"]


def test_both_signatures_of_a_rotation_are_accepted(shop: Receiver) -> None:
    assert outcome(attempt(shop, "portal", 9, secret_version=2)) == "delivered"


def test_a_secret_told_later_is_taken_over(shop: Receiver) -> None:
    first = outcome(attempt(shop, "new", 1))
    shop.told("new", secrets.whsec(SETTINGS, "acme", "shop", "new"))
    assert (first, outcome(attempt(shop, "new", 1))) == ("failed", "delivered")


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("500", "failed"),
        ("410", "gone"),
        ("429", "throttled"),
        ("redirect", "failed"),
        ("dead", "failed"),
        ("slow", "delivered"),
    ],
)
def test_each_of_its_tempers_is_an_outcome(shop: Receiver, mode: str, expected: str) -> None:
    shop.answers("crm", mode, 0.1)
    assert outcome(attempt(shop, "crm", 2)) == expected


def test_retry_after_comes_through(shop: Receiver) -> None:
    shop.answers("crm", "429", 42)
    assert deliver(attempt(shop, "crm", 3))["shop/crm/3"][:2] == ("throttled", 42)


def test_an_endpoint_that_is_silent_does_not_slow_another(shop: Receiver) -> None:
    shop.answers("dead", "slow", 2.0)
    found = deliver(*(attempt(shop, "dead", n) for n in range(8)), *(attempt(shop, "portal", n) for n in range(20, 40)))
    healthy = [took for key, (_, _, took) in found.items() if key.startswith("shop/portal")]
    assert len(healthy) == 20 and max(healthy) < 1.5
