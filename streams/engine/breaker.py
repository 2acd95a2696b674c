"""The crash-loop breaker: which records a process that died was deciding, and how often that happened.

Some bytes end the process and no `except` sees them. A memory-mapped file survives SIGSEGV and SIGKILL: what was held when
the process died is suspected by the next start, which decides it one record at a time, and a record that ended the process
three times is dead. Suspicion ends when the offset behind it is committed, and not before: several records that kill, in as
many partitions, each end the process before the others' burial is committed. A record that goes from worker to worker, as each
dies of it, is found by what all slots of this machine have noted.
"""

from __future__ import annotations

import mmap
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from streams.engine.records import TP, Record

STRIKES = 3
MOST = 64  # suspects that are remembered
_MARK = struct.Struct(
    "<BBiqqH200s"
)  # set, strikes, partition, first and last offset, length of the topic's name, the name


@dataclass(frozen=True, slots=True)
class Suspect:
    """Records of which one may end the process."""

    tp: TP
    first: int
    last: int
    strikes: int = 0

    def has(self, record: Record) -> bool:
        """Whether this record is among them."""
        return self.first <= record.offset <= self.last and record.tp == self.tp


class Breaker:
    """The marks of one slot: of what is being decided, and of what is suspected.

    slots  the folder of all slots, whose suspects count as well; they are looked at once
    """

    def __init__(self, path: Path, slots: Path | None = None) -> None:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        size = _MARK.size * (1 + MOST)
        os.posix_fallocate(file, 0, size)  # on a full disk an error now, and not SIGBUS at the first mark
        self._map = mmap.mmap(file, size)
        os.close(file)
        self._suspects = _suspects(self._map)
        others = [one for one in slots.glob(f"*/{path.name}") if one != path] if slots else []
        self._elsewhere = [found for other in others for found in _suspects(other.read_bytes())]
        if held := _read(self._map, 0):
            self._accuse(held)
            self.release()

    def suspects(self, records: list[Record]) -> bool:
        """Whether any of these was being decided when a process of this slot died."""
        known = [*self._suspects, *self._elsewhere]
        return bool(known) and any(one.has(record) for one in known for record in records)

    def is_dead(self, record: Record) -> bool:
        """Whether deciding this record has ended the process too often."""
        alone = [one for one in self._elsewhere if one.first == one.last]  # a batch there proves nothing of one of it
        return sum(one.strikes for one in [*self._suspects, *alone] if one.has(record)) >= STRIKES

    def hold(self, records: list[Record]) -> None:
        """These are being decided from now on."""
        self._write(0, Suspect(records[0].tp, records[0].offset, records[-1].offset))

    def release(self) -> None:
        """They were decided, whatever came of it."""
        self._map[0] = 0

    def passed(self, committed: Mapping[TP, int]) -> None:
        """Up to these offsets all is decided for good, or dead."""
        if self._suspects or self._elsewhere:
            self._keep([one for one in self._suspects if committed.get(one.tp, 0) <= one.last])
            self._elsewhere = [one for one in self._elsewhere if committed.get(one.tp, 0) <= one.last]

    @property
    def strikes(self) -> int:
        """How often a suspected record has ended a process of this slot, at most; 0 = nothing is suspected."""
        return max((one.strikes for one in self._suspects), default=0)

    def close(self) -> None:
        """Unmap the marks."""
        self._map.close()

    def _accuse(self, held: Suspect) -> None:
        """A process died over these: once more over one of them alone, or for the first time."""
        known = [
            one for one in self._suspects if one.tp == held.tp and one.first <= held.last and held.first <= one.last
        ]
        before = max((one.strikes for one in known), default=0) if held.first == held.last else 0
        others = [one for one in self._suspects if one not in known]
        self._keep([Suspect(held.tp, held.first, held.last, before + 1), *others][:MOST])

    def _keep(self, suspects: list[Suspect]) -> None:
        """Only these from now on."""
        if suspects != self._suspects:
            self._suspects = suspects
            for place in range(MOST):
                self._write(1 + place, suspects[place] if place < len(suspects) else None)

    def _write(self, place: int, one: Suspect | None) -> None:
        if one is None:
            self._map[place * _MARK.size] = 0
            return
        name = one.tp.topic.encode()
        told = (one.strikes, one.tp.partition, one.first, one.last, len(name), name)
        _MARK.pack_into(self._map, place * _MARK.size, 1, *told)


def _suspects(marks: bytes | mmap.mmap) -> list[Suspect]:
    """Those of one slot's file; none of one that is shorter, as an older release left it."""
    places = range(1, min(1 + MOST, len(marks) // _MARK.size))
    return [found for place in places if (found := _read(marks, place))]


def _read(marks: bytes | mmap.mmap, place: int) -> Suspect | None:
    is_set, strikes, partition, first, last, length, name = _MARK.unpack_from(marks, place * _MARK.size)
    return Suspect(TP(name[:length].decode(), partition), first, last, strikes) if is_set else None
