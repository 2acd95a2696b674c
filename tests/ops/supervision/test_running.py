"""Commands find what runs here by the note that `wharf up` leaves."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ops import running
from ops.running import Running
from schemas.settings import Settings


def noted(folder: Path, pid: int) -> Running:
    made = Running(
        pid=pid, gateway="http://127.0.0.1:1", kafka="127.0.0.1:2", redis="redis://127.0.0.1:3/0", erp_url="http://127.0.0.1:4", embedded=True,
        environment="dev", tenant="acme", keys={"admin": "secret"},
    )  # fmt: skip
    running.write(folder, made)
    return made


def test_a_running_system_is_found(tmp_path: Path) -> None:
    assert running.find(tmp_path) is None
    made = noted(tmp_path, os.getpid())
    assert running.find(tmp_path) == made


def test_the_note_of_a_killed_system_counts_for_nothing(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    noted(tmp_path, gone.pid)
    assert running.find(tmp_path) is None


def test_a_damaged_note_counts_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "up.json").write_text("{")
    assert running.find(tmp_path) is None


def test_only_its_owner_may_read_the_keys(tmp_path: Path) -> None:
    noted(tmp_path, os.getpid())
    assert stat.S_IMODE((tmp_path / "up.json").stat().st_mode) == 0o600


def test_a_command_talks_to_what_runs_here(tmp_path: Path) -> None:
    noted(tmp_path, os.getpid())
    assert running.connected(Settings(state_dir=tmp_path)).kafka == "127.0.0.1:2"


def test_what_was_said_explicitly_is_used_instead(tmp_path: Path) -> None:
    noted(tmp_path, os.getpid())
    assert running.connected(Settings(state_dir=tmp_path, kafka="broker:9092")).kafka == "broker:9092"


def test_the_environment_variable_is_saying_it_explicitly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noted(tmp_path, os.getpid())
    monkeypatch.setenv("WHARF_KAFKA", "broker:9092")
    assert running.connected(Settings(state_dir=tmp_path)).kafka == "broker:9092"


def test_a_stopped_system_is_forgotten(tmp_path: Path) -> None:
    noted(tmp_path, os.getpid())
    running.forget(tmp_path)
    assert running.find(tmp_path) is None
