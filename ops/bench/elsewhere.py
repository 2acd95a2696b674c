"""How much of the machine others used while something was measured: with half a core gone, times say little."""

from __future__ import annotations

import time

import psutil


class Elsewhere:
    """Counts from its making on; processes that this one started, and theirs, are no others."""

    def __init__(self) -> None:
        self._at, self._used = time.monotonic(), _others_s()

    def cores(self) -> float:
        """Cores that others have used since, on average."""
        spent = time.monotonic() - self._at
        return max(0.0, (_others_s() - self._used) / spent) if spent > 0 else 0.0


def _others_s() -> float:
    whole = psutil.cpu_times()
    return float(whole.user + whole.nice + whole.system + whole.irq + whole.softirq) - _ours_s(psutil.Process())


def _ours_s(process: psutil.Process) -> float:
    """CPU of a process and of all that it started, ended ones too."""
    try:
        used, children = process.cpu_times(), process.children()
    except psutil.NoSuchProcess:
        return 0.0
    own = used.user + used.system + used.children_user + used.children_system
    return float(own) + sum(_ours_s(child) for child in children)
