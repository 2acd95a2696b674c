"""Slots: who a process is to the broker over its restarts. A slot is the first free lock file in the state folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path


class SlotTaken(RuntimeError):
    """Another living process on this machine has the slot that was asked for by name."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A name that no other process of this state folder has, for as long as it is held."""

    name: str
    folder: Path  # of what belongs to the slot: stores, the breaker's mark
    lock: int  # file descriptor

    def release(self) -> None:
        """Give the name back."""
        os.close(self.lock)


def take_slot(root: Path, wanted: str = "") -> Slot:
    """Hold the wanted slot, or the first free one; raises SlotTaken."""
    root.mkdir(parents=True, exist_ok=True)
    for name in (wanted,) if wanted else _numbers():
        lock = os.open(root / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            continue
        folder = root / name
        folder.mkdir(exist_ok=True)
        return Slot(name, folder, lock)
    raise SlotTaken(f"slot {wanted!r} is held by another process in {root}")


def _numbers() -> Iterator[str]:
    return (str(number) for number in count())
