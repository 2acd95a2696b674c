"""The crash-loop breaker: which record a process that died was deciding, and how often that happened.

Some bytes end the process and no `except` sees them. A memory-mapped mark survives SIGSEGV and SIGKILL: a start that finds
it set decides those records one at a time, and a record that ended the process three times is dead.
"""

from __future__ import annotations

import mmap
import os
import struct
from pathlib import Path

from streams.engine.records import TP, Record

STRIKES = 3
_MARK = struct.Struct(
    "<BBiqqH200s"
)  # set, strikes, partition, first and last offset, length of the topic's name, the name


class Breaker:
    """The mark of one slot. Held while records are decided, and for nothing else."""

    def __init__(self, path: Path) -> None:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        os.posix_fallocate(file, 0, _MARK.size)  # on a full disk an error now, and not SIGBUS at the first mark
        self._map = mmap.mmap(file, _MARK.size)
        os.close(file)
        held, strikes, partition, first, last, length, name = _MARK.unpack_from(self._map)
        self._suspect = TP(name[:length].decode(), partition) if held else None
        self._first, self._last = first, last
        self._strikes = strikes if held else 0

    def suspects(self, records: list[Record]) -> bool:
        """Whether any of these was being decided when a process of this slot died."""
        return self._suspect is not None and any(self._is_suspect(record) for record in records)

    def is_dead(self, record: Record) -> bool:
        """Whether deciding this record has ended the process too often."""
        return self._is_suspect(record) and self._strikes >= STRIKES

    def hold(self, records: list[Record]) -> None:
        """These are being decided from now on."""
        first, last = records[0], records[-1]
        strikes = self._strikes + 1 if len(records) == 1 and self._is_suspect(first) else 1
        name = first.topic.encode()
        _MARK.pack_into(self._map, 0, 1, strikes, first.partition, first.offset, last.offset, len(name), name)

    def release(self) -> None:
        """They were decided, whatever came of it."""
        self._map[0] = 0

    def forget(self, record: Record) -> None:
        """This record was decided alone, or is dead: it is no suspect any more."""
        if self._is_suspect(record) and record.offset >= self._last:
            self._suspect, self._strikes = None, 0

    @property
    def strikes(self) -> int:
        """How often the suspected record has ended a process of this slot; 0 = nothing is suspected."""
        return self._strikes

    def close(self) -> None:
        """Unmap the mark."""
        self._map.close()

    def _is_suspect(self, record: Record) -> bool:
        return record.tp == self._suspect and self._first <= record.offset <= self._last
