"""Deciding under the crash-loop breaker: whole batches, or one record at a time where a process died before.

A batch that takes long is cut where it stands: whoever waits for our partitions, or for our last commit, waits for that.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from streams.engine.breaker import STRIKES, Breaker
from streams.engine.dead import Kind, WorkerDied
from streams.engine.deciding import Decided, Deciding
from streams.engine.records import Record

ENOUGH_S = 2.0  # of deciding in one transaction


class Portion:
    """Hands records out until the time is over: at least one, or nothing would ever be done."""

    def __init__(self, records: Sequence[Record], until: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._records, self._until, self._clock = records, until, clock
        self.taken = 0

    def __iter__(self) -> Iterator[Record]:
        for record in self._records:
            if self.taken and self._clock() >= self._until:
                return
            self.taken += 1
            yield record


def decide_guarded(
    deciding: Deciding,
    breaker: Breaker,
    decided: Decided,
    records: list[Record],
    *,
    monotonous: bool,
    until: float = float("inf"),
) -> int:
    """Decide records so that one which ends the process is found, and dead after three times; returns how many.

    until  time of the monotonic clock from which on no further record is begun
    """
    portion = Portion(records, until)
    if not breaker.suspects(records):
        breaker.hold(records)
        deciding.extend(decided, portion, monotonous=monotonous)
        breaker.release()
        return portion.taken
    for record in portion:
        if breaker.is_dead(record):
            why = WorkerDied(f"deciding it ended the process {STRIKES} times")
            deciding.bury(record, why, Kind.KILLED, decided)
        else:
            breaker.hold([record])
            deciding.extend(decided, [record], monotonous=monotonous)
            breaker.release()
    return portion.taken
