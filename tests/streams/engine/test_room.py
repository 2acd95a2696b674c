"""A worker whose disk is full says so and takes no partitions."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from schemas.settings import Settings
from streams.engine import health
from streams.engine.engine import HOPELESS, Engine
from streams.engine.health import Stage
from streams.engine.room import LEAST, DiskFull, check_room
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


def test_no_new_session_cures_a_full_disk() -> None:
    assert DiskFull in HOPELESS


def test_an_engine_without_room_fails_with_its_reason_before_it_joins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "HEALTH", {})
    filled(monkeypatch, 0)
    fatal: list[BaseException] = []
    engine = Engine(toy, Settings(state_dir=tmp_path, kafka="127.0.0.1:1"), fatal.append)
    engine.start()
    until(lambda: fatal, 10)
    engine.stop()
    assert (type(fatal[0]), engine.health.stage) == (DiskFull, Stage.FAILED)
