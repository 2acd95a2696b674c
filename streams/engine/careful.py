"""Deciding under the crash-loop breaker: whole batches, or one record at a time where a process died before."""

from __future__ import annotations

from streams.engine.breaker import STRIKES, Breaker
from streams.engine.dead import Kind, WorkerDied
from streams.engine.deciding import Decided, Deciding
from streams.engine.records import Record


def decide_guarded(
    deciding: Deciding, breaker: Breaker, decided: Decided, records: list[Record], *, monotonous: bool
) -> None:
    """Decide records so that one which ends the process is found, and dead after three times."""
    if not breaker.suspects(records):
        breaker.hold(records)
        deciding.extend(decided, records, monotonous=monotonous)
        breaker.release()
        return
    for record in records:
        if breaker.is_dead(record):
            why = WorkerDied(f"deciding it ended the process {STRIKES} times")
            deciding.bury(record, why, Kind.KILLED, decided)
        else:
            breaker.hold([record])
            deciding.extend(decided, [record], monotonous=monotonous)
            breaker.release()
        breaker.forget(record)
