"""Room on the disk: a worker without it leaves its partitions to others, instead of taking them and failing over them."""

from __future__ import annotations

import shutil
from pathlib import Path

LEAST = 32 << 20  # two memtables of one store


class DiskFull(RuntimeError):
    """There is no room for stores where the state folder lies."""


def check_room(folder: Path) -> None:
    """Raises DiskFull."""
    free = shutil.disk_usage(folder).free
    if free < LEAST:
        raise DiskFull(
            f"{free >> 20} MiB are free where the stores lie, {LEAST >> 20} are needed: make room on the disk of {folder},"
            " or give WHARF_STATE_DIR another one; it goes on by itself, and nothing is lost"
        )
