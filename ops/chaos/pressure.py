"""Takes from a running process what it needs without ending it: file descriptors, memory. Its limits come back as they were.

Source: prlimit(2): soft limits of another process of the same user may be moved below what it uses; only what is asked for
from then on fails. RLIMIT_NOFILE bounds the numbers of new descriptors, RLIMIT_AS the whole address space.
"""

from __future__ import annotations

import resource
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

Undo = Callable[[], None]
SPARE_MEMORY = 4 << 20


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
