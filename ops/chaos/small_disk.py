"""A disk of its own for a folder, in memory, that can be made full and large again: needs root and Linux' tmpfs.

The mount belongs to the calling thread's own namespace, and to those of the threads and processes that it starts: nobody
else sees it, and it is gone with the last of them, however they end.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ops.embedded.child import Unavailable

MIB = 1 << 20
_NEWNS = 0x00020000  # clone(2)


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A mounted tmpfs of so many MiB."""

    folder: Path
    mib: int

    def fill(self) -> None:
        """No room is left: its size becomes what is used, in whole pages."""
        used = shutil.disk_usage(self.folder).used
        self._resize(max(used, MIB))

    def heal(self) -> None:
        """As large as it was."""
        self._resize(self.mib * MIB)

    def _resize(self, size: int) -> None:
        _run("mount", "-o", f"remount,size={size}", str(self.folder))


@contextmanager
def small_disk(folder: Path, mib: int) -> Iterator[SmallDisk]:
    """Such a disk at an empty folder; what lies on it afterwards lies in the folder. Raises Unavailable."""
    folder.mkdir(parents=True, exist_ok=True)
    _unshare()
    _run("mount", "--make-rprivate", "/")
    _run("mount", "-t", "tmpfs", "-o", f"size={mib * MIB}", "tmpfs", str(folder))
    try:
        yield SmallDisk(folder, mib)
    finally:
        kept = folder.with_name(f"{folder.name}.kept")
        shutil.copytree(folder, kept, dirs_exist_ok=True)
        _run("umount", "--lazy", str(folder))
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        shutil.rmtree(kept)


def _unshare() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "unshare") or libc.unshare(_NEWNS):
        raise Unavailable(f"no disk of its own for a test: {os.strerror(ctypes.get_errno())}; it takes root on Linux")


def _run(*command: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as exc:
        raise Unavailable(f"{command[0]} is not installed") from exc
    if done.returncode:
        raise Unavailable(f"{' '.join(command)}: {done.stderr.strip()}")
