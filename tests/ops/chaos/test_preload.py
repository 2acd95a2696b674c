"""The shim in a process: its wall clock is wrong, its monotonic one is not, its files are slow."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ops.chaos import preload
from ops.chaos.preload import Preload, compiled
from ops.embedded.child import Unavailable

needs_compiler = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")
LOOK = """
import json, os, sys, threading, time
def writes():
    began = time.monotonic()
    with open(sys.argv[1], "wb", buffering=0) as file:
        for _ in range(5):
            file.write(b"x")
    return time.monotonic() - began
began = time.monotonic()
threading.Event().wait(0.05)
print(json.dumps({"wall": time.time(), "waited": time.monotonic() - began, "wrote": writes()}))
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled(tmp_path_factory.mktemp("shim"))


def look(told: Preload, folder: Path) -> dict[str, float]:
    """What a process with this shim sees."""
    command = [sys.executable, "-c", LOOK, str(folder / "file")]
    done = subprocess.run(command, env={**os.environ, **told.env}, capture_output=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def said(told: Preload, code: str) -> object:
    """What a process with this shim says."""
    command = [sys.executable, "-S", "-c", code]
    done = subprocess.run(command, env={**os.environ, **told.env}, capture_output=True, check=True)
    return json.loads(done.stdout)


def wall(folder: Path) -> float:
    """True time, as a file system stamps it."""
    (folder / "now").touch()
    return (folder / "now").stat().st_mtime


@needs_compiler
@pytest.mark.parametrize("ahead_s", [0.0, 300.0, -300.0])
def test_a_clock_is_as_wrong_as_it_was_told_and_waits_are_as_long_as_ever(
    library: Path, tmp_path: Path, ahead_s: float
) -> None:
    told = Preload(library, tmp_path / "told")
    told.set_clock(ahead_s)
    found = look(told, tmp_path)
    assert abs(found["wall"] - wall(tmp_path) - ahead_s) < 100
    assert 0.04 < found["waited"] < 100


STROBE = """
import json, time
seen, until = set(), time.monotonic() + 20.0
while len(seen) < 2 and time.monotonic() < until:
    seen.add(round((time.time() - time.monotonic()) / 300))
print(json.dumps(len(seen)))
"""


@needs_compiler
def test_a_clock_that_strobes_is_wrong_and_right_in_turns(library: Path, tmp_path: Path) -> None:
    told = Preload(library, tmp_path / "told")
    told.set_clock(300.0, strobe_s=0.05)
    assert said(told, STROBE) == 2
    told.set_clock(300.0)
    assert said(told, STROBE.replace("20.0", "0.2")) == 1


NAME = """
import json, socket
def found():
    try:
        return bool(socket.getaddrinfo("127.0.0.1", 80))
    except socket.gaierror as exc:
        return exc.errno == socket.EAI_AGAIN and "try again"
print(json.dumps(found()))
"""


@needs_compiler
def test_names_are_lost_and_found_again(library: Path, tmp_path: Path) -> None:
    told = Preload(library, tmp_path / "told")
    assert said(told, NAME) is True
    told.lose_names()
    assert said(told, NAME) == "try again"
    told.find_names()
    assert said(told, NAME) is True


@needs_compiler
def test_a_disk_is_as_slow_as_it_was_told(library: Path, tmp_path: Path) -> None:
    told = Preload(library, tmp_path / "told")
    told.slow_disk(0.05)
    assert look(told, tmp_path)["wrote"] >= 0.25


def test_without_a_compiler_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(preload.shutil, "which", lambda name: None)
    with pytest.raises(Unavailable, match="no C compiler"):
        compiled(tmp_path)


def test_a_shim_that_does_not_fit_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(preload.shutil, "which", lambda name: "/bin/false")
    with pytest.raises(Unavailable, match="does not compile"):
        compiled(tmp_path)
