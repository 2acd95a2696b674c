"""A child's leash: `python -IS leash.py PARENT COMMAND…` becomes COMMAND, which the kernel kills when PARENT dies.

Started by file name and isolated, so that it loads nothing but itself. The kernel's signal follows the parent's *thread*: start
children from a thread that lives as long as they may. Where there is no prctl (not Linux), the leash does not hold.
Source: prctl(2), PR_SET_PDEATHSIG; it survives execve of an ordinary binary.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when its parent ends; ends at once where the parent has already gone."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    except (AttributeError, OSError):
        return
    if os.getppid() != parent:
        raise SystemExit(1)


def leashed(command: Sequence[str]) -> list[str]:
    """The same command, which dies with the process that starts it."""
    return [sys.executable, "-IS", str(Path(__file__)), str(os.getpid()), *command]


if __name__ == "__main__":
    die_with_parent(int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])
