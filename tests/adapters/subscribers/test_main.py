"""The door as a process between a broker and a receiver."""

from __future__ import annotations

import asyncio
import base64
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer
from pydantic import SecretStr

from adapters.subscribers import main, secrets
from ops.embedded.broker import Broker
from schemas import wire
from schemas.generated import feeds_v1
from schemas.settings import Settings
from streams.engine.client import Outbox
from tests.support.receiver import ROOT, Receiver, receiver

MASTER = base64.b64encode(b"\x06" * 32).decode()
RUN = "from adapters.subscribers.main import run; from schemas.settings import settings; run(settings())"
PATIENCE_S = 30


def deployment(broker: Broker, environment: str, folder: Path) -> Settings:
    """Settings of one test's deployment."""
    return Settings(
        environment=environment,
        kafka=broker.bootstrap,
        master_key=SecretStr(MASTER),
        allow_local_webhooks=True,
        embedded=True,
        state_dir=folder / "state",
    )


@contextmanager
def door(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """A running door; killed at the end if it is still there."""
    told = {"ENVIRONMENT": settings.environment, "KAFKA": settings.kafka, "MASTER_KEY": MASTER, "EMBEDDED": "true"}
    told["STATE_DIR"] = str(settings.state_dir)
    environment = {
        **os.environ,
        **{f"WHARF_{name}": text for name, text in told.items()},
        "WHARF_ALLOW_LOCAL_WEBHOOKS": "1",
    }
    with subprocess.Popen([sys.executable, "-c", RUN], cwd=ROOT, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def grant(settings: Settings, shop: Receiver, *seqs: int) -> None:
    """What feeds publishes for these entries of the view shop/portal."""

    async def publish() -> None:
        outbox = Outbox(settings, "feeds")
        for seq in seqs:
            named = {"attempt_id": f"w{seq}.1", "webhook_id": f"w{seq}", "channel": "shop", "view": "portal"}
            body = b'{"seq":%d,"data":{}}' % seq
            attempt = feeds_v1.delivery_attempt(
                **named, seq=seq, attempt=1, url=shop.hook("portal"), body=body, deadline=2**45
            )
            await outbox.send("feed.attempt", f"shop/portal|O-{seq % 3}", attempt, tenant="acme")
        await outbox.close()

    asyncio.run(publish())


def answers(settings: Settings, count: int) -> list[Any]:
    """The views' mailbox from its beginning until so many attempts are answered."""
    group = f"{settings.environment}.{uuid.uuid4().hex}"
    consumer = Consumer({"bootstrap.servers": settings.kafka, "group.id": group, "auto.offset.reset": "earliest"})
    consumer.subscribe([settings.topic("feeds.commands")])
    found, until = list[Any](), time.monotonic() + PATIENCE_S
    while len({each["attempt_id"] for each in found}) < count and time.monotonic() < until:
        message = consumer.poll(0.2)
        if message is not None and message.error() is None:
            found.append(wire.decode(message.value())[1])
    consumer.close()
    return found


@pytest.mark.broker
def test_attempts_on_the_log_are_delivered_and_answered(broker: Broker, environment: str, tmp_path: Path) -> None:
    settings = deployment(broker, environment, tmp_path)
    with receiver(tmp_path, {"portal": secrets.whsec(settings, "acme", "shop", "portal")}) as shop, door(settings):
        grant(settings, shop, *range(1, 31))
        said = answers(settings, 30)
        taken = [line["seq"] for line in shop.taken("portal")]
    assert {(each["attempt_id"], each["outcome"]) for each in said} == {(f"w{n}.1", "delivered") for n in range(1, 31)}
    assert all(
        [seq for seq in taken if seq % 3 == order] == sorted(seq for seq in taken if seq % 3 == order)
        for order in range(3)
    )


@pytest.mark.broker
def test_a_door_that_was_killed_goes_on_with_what_was_not_answered(
    broker: Broker, environment: str, tmp_path: Path
) -> None:
    settings = deployment(broker, environment, tmp_path)
    with receiver(tmp_path, {"portal": secrets.whsec(settings, "acme", "shop", "portal")}) as shop:
        shop.answers("portal", "slow", 0.2)
        with door(settings) as first:
            grant(settings, shop, *range(1, 21))
            answers(settings, 3)
            first.kill()
        with door(settings):
            said = answers(settings, 20)
        taken = {line["seq"] for line in shop.taken("portal")}
    assert {each["seq"] for each in said} == taken == set(range(1, 21))


@pytest.mark.broker
def test_a_door_ends_in_order_when_it_is_told_to(broker: Broker, environment: str, tmp_path: Path) -> None:
    settings = deployment(broker, environment, tmp_path)
    with (
        receiver(tmp_path, {"portal": secrets.whsec(settings, "acme", "shop", "portal")}) as shop,
        door(settings) as process,
    ):
        grant(settings, shop, 1)
        answers(settings, 1)
        process.terminate()
        assert process.wait(timeout=PATIENCE_S) == 0


def test_a_door_without_a_master_key_says_so_at_once() -> None:
    with pytest.raises(secrets.NoMasterKey):
        main.run(Settings(master_key=SecretStr("")))
