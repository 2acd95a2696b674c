"""The goodbye that a killed worker could not say: its successor says it, and nobody waits for the dead one's session."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from aiokafka.errors import GroupIdNotFound

from ops.embedded.child import free_port
from ops.embedded.kafka import Kafka
from ops.topics.apply import Broker, apply_groups
from schemas.settings import Settings
from streams.engine import farewell as module
from streams.engine.farewell import Farewell, leave
from tests.streams.engine.harbour import Harbour, assert_undisturbed, counts, until

LONG_MS = 45_000  # a session that nobody in these tests can wait for


@pytest.mark.kafka
@pytest.mark.timeout(120)
def test_whoever_takes_a_dead_workers_slot_owns_its_partitions_long_before_its_session_ends(harbour: Harbour) -> None:
    settings, commands = harbour.settings, counts(60)
    patient = settings.model_copy(update={"session_timeout_ms": LONG_MS})
    list(apply_groups(Broker(settings.kafka), [f"{settings.environment}.toy"], patient))
    harbour.start()
    harbour.send(commands[:30])
    harbour.wait_for(30)
    harbour.kill()
    harbour.start()
    harbour.send(commands[30:])
    harbour.wait_for(60, within_s=LONG_MS / 1000 - 15)
    assert_undisturbed(harbour, commands)
    assert "engine.goodbye-said" in harbour.log()


DOOR = """
import asyncio
from schemas.settings import settings
from streams.engine.client import Inbox

async def hear(message):
    print(message.envelope.id, flush=True)

asyncio.run(Inbox(settings(), "door", ["feeds.commands"]).run(hear, concurrency=1))
"""


@pytest.mark.kafka
@pytest.mark.timeout(120)
def test_a_door_that_was_killed_is_followed_at_once_too(harbour: Harbour) -> None:
    settings = harbour.settings
    patient = settings.model_copy(update={"session_timeout_ms": LONG_MS})
    list(apply_groups(Broker(settings.kafka), [f"{settings.environment}.door"], patient))
    harbour.start("door", code=DOOR)
    harbour.send(counts(10))
    until(lambda: "c-9" in harbour.log("door"))
    until(lambda: list(harbour.state("door").glob("slots/*/*/member")))
    harbour.kill("door")
    harbour.start("door", code=DOOR)
    harbour.send(counts(10))
    until(lambda: "c-19" in harbour.log("door"), within_s=LONG_MS / 1000 - 15)
    heard = [line for line in harbour.log("door").splitlines() if line.startswith("c-")]
    assert set(heard) == {f"c-{number}" for number in range(20)}


@pytest.mark.kafka
def test_who_leaves_in_good_order_owes_no_goodbye(harbour: Harbour) -> None:
    worker = harbour.start()
    (slot,) = until(lambda: list(harbour.state().glob("slots/*/*/member")))
    worker.process.terminate()
    assert worker.wait(10.0)
    assert not slot.exists()


@pytest.mark.kafka
def test_a_member_that_is_gone_already_is_no_trouble(kafka: Kafka, environment: str, tmp_path: Path) -> None:
    settings = Settings(kafka=kafka.bootstrap, environment=environment)
    file = tmp_path / "member"
    file.write_text("nobody", encoding="utf-8")
    Farewell(settings, f"{environment}.toy", file).say()
    assert not file.exists()
    with pytest.raises(GroupIdNotFound):
        asyncio.run(leave(settings, f"{environment}.toy", "nobody"))


def test_a_broker_that_is_away_is_no_trouble_either(tmp_path: Path) -> None:
    file = tmp_path / "member"
    Farewell(Settings(kafka=f"127.0.0.1:{free_port()}"), "g", file).note("somebody")
    Farewell(Settings(kafka=f"127.0.0.1:{free_port()}"), "g", file).say()
    assert not file.exists()


def test_a_member_is_written_down_once_and_forgotten_when_it_has_left(tmp_path: Path) -> None:
    file = tmp_path / "member"
    farewell = Farewell(Settings(), "g", file)
    farewell.note("")
    assert not file.exists()
    farewell.note("m-1")
    file.unlink()
    farewell.note("m-1")
    assert not file.exists()
    farewell.note("m-2")
    assert file.read_text(encoding="utf-8") == "m-2"
    farewell.said()
    farewell.note("m-2")
    assert file.read_text(encoding="utf-8") == "m-2"


def owed(monkeypatch: pytest.MonkeyPatch, file: Path, said: threading.Event) -> Farewell:
    """A goodbye that takes until somebody says so."""

    async def slow(settings: Settings, group: str, member: str) -> None:
        await asyncio.to_thread(said.wait, 20)

    monkeypatch.setattr(module, "leave", slow)
    file.write_text("member", encoding="utf-8")
    return Farewell(Settings(), "t.toy", file)


def test_a_goodbye_is_said_beside_what_takes_as_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, said = tmp_path / "member", threading.Event()
    with owed(monkeypatch, file, said).saying():
        assert file.exists()
        said.set()  # had it been waited for before, nobody would say so
    assert not file.exists()


def test_what_goes_wrong_beside_it_is_heard_when_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, said = tmp_path / "member", threading.Event()
    with pytest.raises(LookupError), owed(monkeypatch, file, said).saying():
        said.set()
        raise LookupError
    assert not file.exists()
