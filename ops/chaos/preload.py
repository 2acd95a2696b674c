"""A process whose clock is wrong, whose disk is slow, which finds no name: shim.c, preloaded, and the file that it reads."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from pathlib import Path

from ops.embedded.child import Unavailable

SOURCE = Path(__file__).with_name("shim.c")
_TOLD = struct.Struct(
    "=qqqq"
)  # nanoseconds ahead, microseconds a write, nanoseconds of a strobe, whether no name is found


def compiled(folder: Path) -> Path:
    """The shim as a library; raises Unavailable where there is no C compiler, or no C library that it fits."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise Unavailable("no C compiler: clocks and disks of processes cannot be troubled; install one as `cc`")
    library = folder / "shim.so"
    command = [compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl", "-lpthread"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unavailable(f"shim.c does not compile here: {done.stderr[-500:]}")
    return library


class Preload:
    """What one process is told by its shim; it holds over the restarts of that process."""

    def __init__(self, library: Path, told: Path) -> None:
        self._library, self._told = library, told
        self._ahead_ns = self._slow_us = self._strobe_ns = self._nameless = 0
        self._write()

    @property
    def env(self) -> dict[str, str]:
        """Environment variables of a process that is to have it."""
        return {"LD_PRELOAD": str(self._library), "CHAOS_SHIM": str(self._told)}

    def set_clock(self, ahead_s: float, strobe_s: float = 0.0) -> None:
        """From now on its wall clock is so far ahead of the true one, or behind it; or in turns wrong and right."""
        self._ahead_ns, self._strobe_ns = round(ahead_s * 1e9), round(strobe_s * 1e9)
        self._write()

    def slow_disk(self, slow_s: float) -> None:
        """From now on each write and sync of a file takes so much longer."""
        self._slow_us = round(slow_s * 1e6)
        self._write()

    def lose_names(self) -> None:
        """From now on no name is found, nor an address: getaddrinfo says EAI_AGAIN."""
        self._nameless = 1
        self._write()

    def find_names(self) -> None:
        """From now on they are found again."""
        self._nameless = 0
        self._write()

    def _write(self) -> None:
        """In place: the process has the file mapped."""
        file = os.open(self._told, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            os.pwrite(file, _TOLD.pack(self._ahead_ns, self._slow_us, self._strobe_ns, self._nameless), 0)
        finally:
            os.close(file)
