"""A worker whose disk is full says so and takes no partitions."""

from __future__ import annotations

import errno
import gc
import os
import shutil
import time
import weakref
from collections import namedtuple
from pathlib import Path

import pytest

from schemas.settings import Settings
from streams.engine import engine as engine_module
from streams.engine import health
from streams.engine.engine import Engine
from streams.engine.health import Stage
from streams.engine.room import LEAST, DiskFull, check_room
from streams.engine.session import Session
from tests.streams.engine.harbour import until
from tests.streams.engine.toy import toy

Usage = namedtuple("Usage", "total used free")


def filled(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(1 << 40, 0, free))


def test_where_there_is_room_it_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(monkeypatch, LEAST)
    check_room(tmp_path)
    filled(monkeypatch, LEAST - 1)
    with pytest.raises(DiskFull, match="31 MiB are free"):
        check_room(tmp_path)


def test_it_says_where_and_what_helps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(monkeypatch, 0)
    with pytest.raises(DiskFull, match=f"{tmp_path}.*WHARF_STATE_DIR"):
        check_room(tmp_path)


def test_an_engine_without_room_joins_nobody_and_says_why_until_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "HEALTH", {})
    opened: list[int] = []
    monkeypatch.setattr(Session, "open", lambda self: opened.append(1))
    monkeypatch.setattr(Session, "turn", lambda self: time.sleep(0.01))
    filled(monkeypatch, 0)
    fatal: list[BaseException] = []
    engine = Engine(toy, Settings(state_dir=tmp_path, kafka="127.0.0.1:1"), fatal.append)
    engine.start()
    until(lambda: "DiskFull" in engine.health.failure, 10)
    assert (engine.health.stage, engine.health.ready(), opened) == (Stage.RECOVERING, False, [])
    filled(monkeypatch, LEAST)
    until(lambda: engine.health.stage is Stage.RUNNING, 10)
    engine.stop()
    assert (fatal, opened) == ([], [1])


def test_a_disk_without_room_for_a_slot_is_said_to_whoever_runs_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*place: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(health, "HEALTH", {})
    monkeypatch.setattr(os, "posix_fallocate", no_room)
    fatal: list[BaseException] = []
    engine = Engine(toy, Settings(state_dir=tmp_path, kafka="127.0.0.1:1"), fatal.append)
    engine.start()
    until(lambda: fatal, 10)
    engine.stop()
    assert (type(fatal[0]), engine.health.stage) == (OSError, Stage.FAILED)


class Client:
    """What a session has, in a cycle with it, and never closes."""

    def __init__(self) -> None:
        self.own = self


def test_an_engine_whose_sessions_fail_again_and_again_keeps_no_clients_of_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "HEALTH", {})
    monkeypatch.setattr(engine_module, "AGAIN_S", 0.0)
    monkeypatch.setattr(engine_module, "AGAIN_MAX_S", 0.0)
    left: list[weakref.ref[Client]] = []
    alive: list[int] = []

    def fail(self: Session) -> None:
        alive.append(sum(one() is not None for one in left))
        left.append(weakref.ref(Client()))
        raise TimeoutError("no answer")

    monkeypatch.setattr(Session, "open", fail)
    filled(monkeypatch, LEAST)
    gc.disable()
    try:
        engine = Engine(toy, Settings(state_dir=tmp_path, kafka="127.0.0.1:1"), lambda why: None)
        engine.start()
        until(lambda: len(alive) >= 4, 20)
        engine.stop()
    finally:
        gc.enable()
    assert set(alive) == {0}
