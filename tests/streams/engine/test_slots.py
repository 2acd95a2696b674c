"""Slots: a process keeps its name over restarts, and no two living ones share one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from streams.engine.slots import SlotTaken, take_slot
from tests.streams.engine.harbour import until


def test_each_process_takes_the_first_free_slot(tmp_path: Path) -> None:
    one, two = take_slot(tmp_path), take_slot(tmp_path)
    assert (one.name, two.name) == ("0", "1")
    one.release()
    assert take_slot(tmp_path).name == "0"


def test_a_slot_asked_for_by_name_is_that_slot_or_none(tmp_path: Path) -> None:
    held = take_slot(tmp_path, "east-1")
    assert held.folder == tmp_path / "east-1"
    with pytest.raises(SlotTaken, match="east-1"):
        take_slot(tmp_path, "east-1")


def test_a_killed_process_gives_its_slot_back(tmp_path: Path) -> None:
    code = "import sys, time, pathlib; from streams.engine.slots import take_slot; s = take_slot(pathlib.Path(sys.argv[1])); "
    code += "print(s.name, flush=True); time.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "0"
    assert take_slot(tmp_path).name == "1"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert until(lambda: take_slot(tmp_path).name == "0")
    child.stdout.close()


def test_what_belongs_to_a_slot_outlives_its_process(tmp_path: Path) -> None:
    slot = take_slot(tmp_path)
    (slot.folder / "mark").write_text("here")
    slot.release()
    assert (take_slot(tmp_path).folder / "mark").read_text() == "here"
