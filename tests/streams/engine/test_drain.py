"""A worker ends in time: all its engines are asked at once, and one that is stuck is left behind."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.settings import Settings
from streams.engine import engine as engine_module
from streams.engine import health
from streams.engine.engine import DRAIN_S, Engine
from tests.streams.engine.toy import toy

ROOT = Path(__file__).parents[3]


class Stuck(Engine):
    """An engine whose thread hangs in a call, until the test lets it go."""

    def __init__(self, folder: Path) -> None:
        super().__init__(toy, Settings(state_dir=folder), lambda why: None)
        self.let_go = threading.Event()

    def _run(self) -> None:
        self.let_go.wait()


@pytest.fixture
def stuck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stuck]:
    monkeypatch.setattr(health, "HEALTH", {})
    monkeypatch.setattr(engine_module, "DRAIN_S", 0.05)
    made = Stuck(tmp_path)
    made.start()
    yield made
    made.let_go.set()


def test_the_time_to_end_fits_the_ten_seconds_that_a_process_has() -> None:
    assert 5 <= DRAIN_S <= 9


def test_an_engine_that_is_stuck_is_left_behind(stuck: Stuck) -> None:
    stuck.stop()
    assert stuck._thread.is_alive()
    assert stuck._thread.daemon  # so that the process can end without it


def test_the_time_counts_from_when_it_was_first_asked(stuck: Stuck, monkeypatch: pytest.MonkeyPatch) -> None:
    stuck.ask_to_stop()
    asked = stuck._asked
    stuck.stop()
    assert stuck._asked == asked


def test_an_engine_that_ends_is_waited_for(stuck: Stuck) -> None:
    stuck.let_go.set()
    stuck.stop()
    assert not stuck._thread.is_alive()


TWO_AGENTS = """
import os, signal, threading, time
import streams.engine.engine as module
from streams.engine.agent import agent
from streams.engine.app import create_app
from streams.engine.run import run

class Told:
    begun = 0

    def __init__(self, declared, settings, on_fatal):
        self.name = declared.name

    def start(self):
        Told.begun += 1
        if Told.begun == 2:
            threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGTERM)).start()

    def ask_to_stop(self):
        print("asked", self.name, flush=True)

    def stop(self):
        print("stopped", self.name, flush=True)

module.Engine = Told
apps = [create_app("one"), create_app("two")]
for app in apps:
    agent(app, reads=("orders.commands",))(lambda batch: None)
run(apps)
"""


@pytest.mark.slow
def test_all_engines_of_a_process_are_asked_before_the_first_is_waited_for(tmp_path: Path) -> None:
    command = [sys.executable, "-c", TWO_AGENTS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    said = [line.split()[0] for line in done.stdout.splitlines()]
    assert (done.returncode, said[:3], said.count("stopped")) == (0, ["asked", "asked", "stopped"], 2)


def test_an_engine_that_never_began_has_nothing_to_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "HEALTH", {})
    made = Stuck(tmp_path)
    made.stop()
    assert not made._thread.is_alive()
