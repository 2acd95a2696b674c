"""What a process has used, as the kernel counts it, and holding one still."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from ops.embedded.child import Child, NotReady

QUIET_SHARE = 0.08  # of a core: what an idle worker needs for its polls
LOOK_S = 0.25


def cpu_s(pid: int) -> float:
    """User and system time of all its threads, in steps of a hundredth of a second."""
    used = psutil.Process(pid).cpu_times()
    return float(used.user + used.system)


def peak_mb(pid: int) -> int:
    """The most memory that it ever had resident (VmHWM)."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    return int(found[1]) >> 10 if found else 0


def until(holds: Callable[[], bool], child: Child, within_s: float, every_s: float = 0.01) -> None:
    """Return when it holds; raises NotReady when the child ends or the time is over."""
    deadline = time.monotonic() + within_s
    while not holds():
        if not child.running or time.monotonic() > deadline:
            raise NotReady(f"not so within {within_s:.0f} s\n{child.tail()}")
        time.sleep(every_s)


class Idle:
    """Whether a process has done next to nothing for so long."""

    def __init__(self, pid: int, for_s: float) -> None:
        self._pid, self._for_s = pid, for_s
        self._since, self._used = time.monotonic(), cpu_s(pid)

    def __call__(self) -> bool:
        at, used = time.monotonic(), cpu_s(self._pid)
        if used - self._used > QUIET_SHARE * max(LOOK_S, at - self._since):
            self._since, self._used = at, used
        return at - self._since >= self._for_s


@contextmanager
def held(pid: int) -> Iterator[None]:
    """Stop the process while something is prepared for it."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
