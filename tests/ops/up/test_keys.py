"""Development's secrets are made once and shown to their owner only."""

from __future__ import annotations

import asyncio
import base64
import stat
from pathlib import Path
from typing import Any

import pytest
import stamina

from adapters.gateway.keys import KeyRing
from ops.up import keys
from ops.up.keys import development, publish
from schemas.settings import Settings
from streams.engine.client import LogUnavailable


def test_they_are_made_once(tmp_path: Path) -> None:
    assert development(tmp_path) == development(tmp_path)


def test_each_state_folder_has_its_own(tmp_path: Path) -> None:
    assert development(tmp_path / "a").token != development(tmp_path / "b").token


def test_the_key_opens_everything_once_its_record_is_known(tmp_path: Path) -> None:
    made, ring = development(tmp_path), KeyRing()
    ring.put("acme", made.api_key())
    caller = ring.caller(made.token, now=0)
    assert caller is not None
    assert caller.may("orders:write", "portal")


def test_the_master_key_has_32_bytes(tmp_path: Path) -> None:
    assert len(base64.b64decode(development(tmp_path).master_key)) == 32


def test_nobody_else_may_read_them(tmp_path: Path) -> None:
    development(tmp_path)
    assert stat.S_IMODE((tmp_path / "development.json").stat().st_mode) == 0o600


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "development.json").write_text("{")
    assert development(tmp_path).token


class Busy:
    """An outbox whose log takes nothing so often."""

    def __init__(self, refusals: int) -> None:
        self.refusals, self.sent, self.closed = refusals, list[str](), False

    async def send(self, kind: str, key: str, record: Any, *, tenant: str) -> str:
        if self.refusals:
            self.refusals -= 1
            raise LogUnavailable("no leader yet")
        self.sent.append(key)
        return key

    async def close(self) -> None:
        self.closed = True


def told(folder: Path, busy: Busy, monkeypatch: pytest.MonkeyPatch, tries: int) -> None:
    monkeypatch.setattr(keys, "Outbox", lambda settings, source: busy)
    with stamina.set_testing(True, attempts=tries):
        asyncio.run(publish(Settings(), [development(folder).api_key()], "acme", tries=tries))


def test_a_log_that_takes_nothing_yet_is_told_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    busy = Busy(refusals=2)
    told(tmp_path, busy, monkeypatch, tries=3)
    assert (len(busy.sent), busy.closed) == (1, True)


def test_a_log_that_never_takes_it_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    busy = Busy(refusals=9)
    with pytest.raises(LogUnavailable):
        told(tmp_path, busy, monkeypatch, tries=3)
    assert (busy.refusals, busy.closed) == (6, True)
