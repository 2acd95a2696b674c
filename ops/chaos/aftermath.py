"""What is judged once everything is at rest, by reading all of it again: log, changelogs, and the fold of the mailboxes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from ops.chaos import oracle
from ops.chaos.evidence import Violation
from ops.chaos.sanity_checks import second_reading
from ops.chaos.system import System
from ops.chaos.witness import Witness
from streams.engine.records import TP, Record
from streams.engine.tail import Tail, Watermarks

PATIENCE_S = 240.0
ORACLE, TWICE, OPEN = (
    "the log is what the decisions make of the mailboxes",
    "the log reads the same twice",
    "no open transaction",
)
CHANGELOG = "a changelog folds to the rows of the replay"


def aftermath(system: System, witness: Witness) -> Iterator[Violation]:
    """All that contradicts; call it at rest."""
    marks = Watermarks(system.direct)
    tps = list(witness.seen)
    highs, stable = marks.highs(tps), marks.highs(tps, committed=True)
    yield from (Violation(OPEN, f"{tp}: {stable[tp]} of {highs[tp]}") for tp in tps if stable[tp] < highs[tp])
    second = Witness(system.direct.kafka, system.settings.environment, system.settings.partitions)
    with closing(second):
        if not second.has_read(stable, PATIENCE_S):
            yield Violation(TWICE, f"it could not be read to its end in {PATIENCE_S:.0f} s")
            return
        yield from (Violation(TWICE, shown) for shown in second_reading(witness.seen, second.seen))
        records = second.raw()
    yield from _replayed(system, marks, records)


def _replayed(system: System, marks: Watermarks, records: list[Record]) -> Iterator[Violation]:
    for agent, mailbox in oracle.mailboxes().items():
        folded = oracle.fold(agent, (record for record in records if record.topic == mailbox))
        found = oracle.told(agent, records)
        yield from (Violation(ORACLE, shown) for shown in oracle.contradictions(agent, folded.made, found))
        logged = _changelog(system, marks, agent)
        for partition in range(system.settings.partitions):
            due, rows = folded.rows.get(TP(mailbox, partition), {}), logged.get(partition, {})
            where = f"partition {partition} of its changelog"
            yield from (Violation(CHANGELOG, shown) for shown in oracle.differing_rows(agent, where, due, rows))


def _changelog(system: System, marks: Watermarks, agent: str) -> dict[int, oracle.Rows]:
    """The last value of each row, timers left out, by partition."""
    tps = [TP(f"{agent}-changelog", number) for number in range(system.settings.partitions)]
    tail = Tail(system.direct, marks.lows(tps))
    try:
        found: dict[int, dict[bytes, bytes | None]] = {}
        for record in tail.read_up_to(marks.highs(tps, committed=True), PATIENCE_S):
            found.setdefault(record.partition, {})[record.key or b""] = record.value
    finally:
        tail.close()
    return {
        number: {key: value for key, value in rows.items() if value is not None and not oracle.is_timer(key)}
        for number, rows in found.items()
    }
