"""What is judged once everything is at rest, by reading all of it again: log, changelogs, and the fold of the mailboxes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from ops.chaos import oracle
from ops.chaos.evidence import Violation
from ops.chaos.sanity_checks import second_reading
from ops.chaos.store_checks import Due, disagreeing
from ops.chaos.system import System
from ops.chaos.witness import Witness
from streams.engine.records import TP, Record
from streams.engine.tail import Tail, Watermarks
from tables.store_layer import is_engines_key

PATIENCE_S = 240.0
OPEN_S, LOOK_S = 20.0, 0.5  # twice a transaction's time-out
ORACLE = "the log is what the decisions make of the mailboxes"
CHANGELOG = "a changelog folds to the rows of the replay"
TWICE, OPEN = "the log reads the same twice", "no transaction is open"


@dataclass
class Aftermath:
    """Everything read again."""

    violations: list[Violation] = field(default_factory=list)
    tables: dict[str, dict[int, Due]] = field(default_factory=dict)  # by agent and partition

    def on_disk(self, state: Path, environment: str) -> list[Violation]:
        """What RocksDB contradicts; call it when no worker runs any more."""
        slots = {agent: state / "slots" / f"{environment}.{agent}" for agent in self.tables}
        return [one for agent, due in self.tables.items() for one in disagreeing(slots[agent], agent, due)]


def aftermath(system: System, witness: Witness) -> Aftermath:
    """Read everything again; call it at rest."""
    found, marks, tps = Aftermath(), Watermarks(system.direct), list(witness.seen)
    highs, stable = _settled(marks, tps)
    still = [tp for tp in tps if stable[tp] < highs[tp]]
    found.violations += [Violation(OPEN, f"{tp}: {stable[tp]} of {highs[tp]}") for tp in still]
    witness.has_read(stable, PATIENCE_S)
    with closing(Witness(system.direct.kafka, system.settings.environment, system.settings.partitions)) as second:
        if not second.has_read(stable, PATIENCE_S):
            found.violations.append(Violation(TWICE, f"it could not be read to its end in {PATIENCE_S:.0f} s"))
            return found
        found.violations += [Violation(TWICE, shown) for shown in second_reading(witness.seen, second.seen)]
        records = second.raw()
    for agent in oracle.mailboxes():
        found.violations += _replayed(system, marks, agent, records, found.tables.setdefault(agent, {}))
    return found


def _settled(marks: Watermarks, tps: list[TP]) -> tuple[dict[TP, int], dict[TP, int]]:
    """High watermarks and last stable offsets, once they agree, or when a transaction has had all its time."""
    deadline = time.monotonic() + OPEN_S
    while True:
        stable, highs = marks.highs(tps, committed=True), marks.highs(tps)
        if stable == highs or time.monotonic() > deadline:
            return highs, stable
        time.sleep(LOOK_S)


def _replayed(
    system: System, marks: Watermarks, agent: str, records: list[Record], tables: dict[int, Due]
) -> Iterator[Violation]:
    mailbox = oracle.mailboxes()[agent]
    folded = oracle.fold(agent, (record for record in records if record.topic == mailbox))
    told = oracle.told(agent, records)
    yield from (Violation(ORACLE, shown) for shown in oracle.contradictions(agent, folded.made, told))
    logged = _changelog(system, marks, agent)
    for partition in range(system.settings.partitions):
        due, (rows, end) = folded.rows.get(TP(mailbox, partition), {}), logged.get(partition, ({}, 0))
        tables[partition] = Due(due, end)
        where = f"partition {partition} of its changelog"
        yield from (Violation(CHANGELOG, shown) for shown in oracle.differing_rows(agent, where, due, rows))


def _changelog(system: System, marks: Watermarks, agent: str) -> dict[int, tuple[oracle.Rows, int]]:
    """The last value of each row by partition, the engine's own left out, and the offset behind the last record."""
    tps = [TP(f"{agent}-changelog", number) for number in range(system.settings.partitions)]
    tail, rows, ends = Tail(system.direct, marks.lows(tps)), dict[int, dict[bytes, bytes | None]](), dict[int, int]()
    try:
        for record in tail.read_up_to(marks.highs(tps, committed=True), PATIENCE_S):
            rows.setdefault(record.partition, {})[record.key or b""] = record.value
            ends[record.partition] = record.offset + 1
    finally:
        tail.close()
    return {
        number: (
            {key: value for key, value in found.items() if value is not None and not is_engines_key(key)},
            ends[number],
        )
        for number, found in rows.items()
    }
