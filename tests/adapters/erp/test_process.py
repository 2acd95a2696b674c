"""`wharf erp` as a process, between the log and an ERP that is a process too."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ops.embedded.broker import Broker
from schemas.settings import Settings
from streams.engine.client import Inbox, Outbox
from tests.adapters.erp.attempts import attempt
from tests.support.erp_server import ROOT, ErpServer

pytestmark = [pytest.mark.broker, pytest.mark.slow]
RUN = "from adapters.erp.main import run; from schemas.settings import settings; run(settings())"


@contextmanager
def door(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """The door, stopped by its pid."""
    told = {
        "KAFKA": settings.kafka,
        "ENVIRONMENT": settings.environment,
        "ERP_URL": settings.erp_url,
        "EMBEDDED": "true",
        "STATE_DIR": str(settings.state_dir),
    }
    env = {**os.environ, **{f"WHARF_{name}": value for name, value in told.items()}}
    process = subprocess.Popen([sys.executable, "-c", RUN], cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def grant(settings: Settings, orders: range) -> None:
    """Put attempts on the log."""

    async def put() -> None:
        outbox = Outbox(settings, "test")
        deadline = time.time_ns() // 1_000_000 + 120_000
        for order in orders:
            record = attempt(f"O-{order}", deadline=deadline)
            await outbox.send("post.attempt", f"erp|O-{order}", record, tenant="acme")
        await outbox.close()

    asyncio.run(put())


def answers(settings: Settings, count: int) -> list[Any]:
    """The door's answers, once so many orders were answered."""
    told: dict[str, Any] = {}

    async def listen() -> None:
        inbox = Inbox(settings, "judge", ["erp.commands"])

        async def hear(message: Any) -> None:
            told[message.record["order_id"]] = message.record
            if len(told) >= count:
                inbox.stop()

        await asyncio.wait_for(inbox.run(hear, concurrency=1), timeout=60)

    asyncio.run(listen())
    return list(told.values())


@pytest.fixture
def site(broker: Broker, environment: str, tmp_path: Path) -> Iterator[tuple[Settings, ErpServer]]:
    with ErpServer(tmp_path) as server:
        at = {"kafka": broker.bootstrap, "environment": environment, "state_dir": tmp_path / "state"}
        yield Settings(**at, embedded=True, erp_url=server.url), server


def test_every_attempt_is_carried_out_and_answered(site: tuple[Settings, ErpServer]) -> None:
    settings, server = site
    with door(settings):
        grant(settings, range(20))
        told = answers(settings, 20)
    assert {one["outcome"] for one in told} == {"posted"}
    assert len(server.journal()) == 20


def test_a_door_killed_in_the_middle_leaves_one_document_per_order_even_in_a_forgetful_erp(
    site: tuple[Settings, ErpServer],
) -> None:
    settings, server = site
    server.faults(forgetful=True, slow_s=0.3)
    with door(settings) as first:
        grant(settings, range(30))
        deadline = time.monotonic() + 60
        while not server.journal():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        first.kill()
    with door(settings):
        told = answers(settings, 30)
    created = [entry["document"] for entry in server.journal() if entry["action"] == "create"]
    cancelled = [entry["document"] for entry in server.journal() if entry["action"] == "cancel"]
    assert {one["outcome"] for one in told} == {"posted"}
    assert len(set(created) - set(cancelled)) == 30
    assert {one["erp_number"] for one in told} == set(created) - set(cancelled)
