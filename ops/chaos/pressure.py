"""Troubles a running process without ending it: clock, disk, names, file descriptors, memory; all comes back.

Source: prlimit(2): soft limits of another process of the same user may be moved below what it uses; only what is asked for
from then on fails. RLIMIT_NOFILE bounds the numbers of new descriptors, RLIMIT_AS the whole address space.
"""

from __future__ import annotations

import resource
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path

from ops.chaos.preload import Preload
from ops.chaos.schedule import Fault, Kind

Undo = Callable[[], None]
SPARE_MEMORY = 4 << 20
STROBE_S = 0.2  # how long a strobing clock is wrong, and right, at a time


def pressed(fault: Fault, pid: int, preloads: Mapping[str, Preload]) -> Undo:
    """Do to a process what the fault says; raises ProcessLookupError, KeyError where it has no shim."""
    match fault.kind:
        case Kind.CLOCK:
            preloads[fault.target].set_clock(fault.amount)
            return lambda: preloads[fault.target].set_clock(0.0)
        case Kind.STROBE:
            preloads[fault.target].set_clock(fault.amount, STROBE_S)
            return lambda: preloads[fault.target].set_clock(0.0)
        case Kind.NAMES:
            preloads[fault.target].lose_names()
            return preloads[fault.target].find_names
        case Kind.DISK:
            preloads[fault.target].slow_disk(fault.amount)
            return lambda: preloads[fault.target].slow_disk(0.0)
        case Kind.FILES:
            return no_more_files(pid)
        case _:
            return no_more_memory(pid)


def no_more_files(pid: int) -> Undo:
    """It may open no file and no connection beyond the gaps among those it has; raises ProcessLookupError."""
    taken = {int(entry.name) for entry in Path(f"/proc/{pid}/fd").iterdir()}
    return _limited(pid, resource.RLIMIT_NOFILE, next(number for number in count() if number not in taken))


def no_more_memory(pid: int, spare: int = SPARE_MEMORY) -> Undo:
    """Its address space may grow by no more than `spare` bytes; raises ProcessLookupError."""
    return _limited(pid, resource.RLIMIT_AS, address_space(pid) + spare)


def address_space(pid: int) -> int:
    """Bytes of address space that a process has now."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def _limited(pid: int, what: int, most: int) -> Undo:
    before = resource.prlimit(pid, what)
    resource.prlimit(pid, what, (most, before[1]))

    def restore() -> None:
        with suppress(ProcessLookupError):
            resource.prlimit(pid, what, before)

    return restore
