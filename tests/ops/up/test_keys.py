"""Development's secrets are made once and shown to their owner only."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

from adapters.gateway.keys import KeyRing
from ops.up.keys import development


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
