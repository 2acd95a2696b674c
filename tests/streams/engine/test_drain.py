"""A worker ends in time: all its engines are asked at once, and one that is stuck is left behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.settings import Settings
from streams.engine import engine as engine_module
from streams.engine import health
from streams.engine.engine import DRAIN_S, Engine
from tests.streams.engine.toy import toy


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


def test_an_engine_that_never_began_has_nothing_to_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "HEALTH", {})
    made = Stuck(tmp_path)
    made.stop()
    assert not made._thread.is_alive()
