"""Failpoints: nothing unless the environment names one, and never a misspelt one in silence."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from streams.engine import failpoints
from streams.engine.failpoints import NAMES, Failpoint, UnknownFailpoint, parse, reach


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, tuple[str, int]]]:
    found: dict[str, tuple[str, int]] = {}
    monkeypatch.setattr(failpoints, "_ASKED", found)
    failpoints._REACHED.clear()
    yield found
    failpoints._REACHED.clear()


def test_without_a_word_from_the_environment_nothing_happens() -> None:
    for name in NAMES:
        reach(name)
    assert failpoints._ASKED == {}


@pytest.mark.parametrize("text", ["engine.after-pol=kill", "engine.after-poll=explode", "engine.after-poll"])
def test_a_misspelt_failpoint_is_refused(text: str) -> None:
    with pytest.raises(UnknownFailpoint):
        parse(text)


def test_several_may_be_named() -> None:
    found = parse("engine.after-poll=sleep:0.5 engine.before-end=kill@7")
    assert found == {"engine.after-poll": ("sleep:0.5", 0), "engine.before-end": ("kill", 7)}


def test_one_acts_at_the_time_that_was_named(asked: dict[str, tuple[str, int]]) -> None:
    asked["engine.after-poll"] = ("raise", 2)
    reach("engine.after-poll")
    with pytest.raises(Failpoint):
        reach("engine.after-poll")
    reach("engine.after-poll")
    assert failpoints._REACHED["engine.after-poll"] == 3


def test_one_without_a_time_acts_each_time(asked: dict[str, tuple[str, int]]) -> None:
    asked["engine.after-poll"] = ("raise", 0)
    for _ in range(2):
        with pytest.raises(Failpoint):
            reach("engine.after-poll")
    assert failpoints._REACHED["engine.after-poll"] == 2


def test_a_kill_is_a_kill() -> None:
    code = "from streams.engine.failpoints import reach; reach('engine.after-poll'); print('alive')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"WHARF_FAILPOINTS": "engine.after-poll=kill"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (-9, b"")
