"""A process that may take no more: what it asks for then fails, what it has it keeps, and later it may again."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import cast

import pytest

from ops.chaos.preload import Preload
from ops.chaos.pressure import Undo, address_space, no_more_files, no_more_memory, pressed
from ops.chaos.schedule import Fault, Kind

ASKED = """
import sys
kept = []
def files():
    kept.append(open("/dev/null"))
def memory():
    kept.append(bytearray(64 << 20))
for line in sys.stdin:
    try:
        {"files": files, "memory": memory}[line.strip()]()
        print("had", flush=True)
    except (OSError, MemoryError) as exc:
        print(type(exc).__name__, flush=True)
"""
Asked = subprocess.Popen[str]


@pytest.fixture
def process() -> Iterator[Asked]:
    command = [sys.executable, "-u", "-c", ASKED]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as one:
        yield one
        one.kill()


def ask(process: Asked, what: str) -> str:
    assert process.stdin and process.stdout
    process.stdin.write(f"{what}\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


@pytest.mark.parametrize(
    ("press", "what", "refused"), [(no_more_files, "files", "OSError"), (no_more_memory, "memory", "MemoryError")]
)
def test_what_is_asked_for_under_pressure_fails_and_later_does_not(
    process: Asked, press: Callable[[int], Undo], what: str, refused: str
) -> None:
    assert ask(process, what) == "had"
    undo = press(process.pid)
    assert ask(process, what) == refused
    undo()
    assert ask(process, what) == "had"


def test_the_hard_limit_is_left_alone(process: Asked) -> None:
    assert ask(process, "files") == "had"
    before = resource.prlimit(process.pid, resource.RLIMIT_NOFILE)
    undo = no_more_files(process.pid)
    assert resource.prlimit(process.pid, resource.RLIMIT_NOFILE)[1] == before[1]
    undo()
    assert resource.prlimit(process.pid, resource.RLIMIT_NOFILE) == before


def test_a_process_that_is_gone_needs_nothing_back(process: Asked) -> None:
    assert ask(process, "memory") == "had"
    assert address_space(process.pid) > 64 << 20
    undo = no_more_memory(process.pid)
    process.kill()
    process.wait()
    undo()
    assert process.returncode != 0


class Noted:
    """A shim that notes what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, float]] = []

    def set_clock(self, ahead_s: float, strobe_s: float = 0.0) -> None:
        self.told.append(("strobe" if strobe_s else "clock", ahead_s))

    def lose_names(self) -> None:
        self.told.append(("names", 0.5))

    def find_names(self) -> None:
        self.told.append(("names", 0.0))

    def slow_disk(self, slow_s: float) -> None:
        self.told.append(("disk", slow_s))


@pytest.mark.parametrize(
    ("kind", "name"), [(Kind.CLOCK, "clock"), (Kind.DISK, "disk"), (Kind.NAMES, "names"), (Kind.STROBE, "strobe")]
)
def test_what_has_a_shim_is_told_and_told_back(kind: Kind, name: str) -> None:
    noted = Noted()
    undo = pressed(Fault(0.1, kind, "worker-post", amount=0.5), 0, {"worker-post": cast("Preload", noted)})
    undo()
    assert noted.told == [(name, 0.5), ("clock" if name == "strobe" else name, 0.0)]


@pytest.mark.parametrize(("kind", "what"), [(Kind.FILES, "files"), (Kind.MEMORY, "memory")])
def test_a_fault_presses_what_it_names(process: Asked, kind: Kind, what: str) -> None:
    assert ask(process, what) == "had"
    undo = pressed(Fault(0.1, kind, "worker-post"), process.pid, {})
    assert ask(process, what) != "had"
    undo()
    assert ask(process, what) == "had"
