"""Keys whose records wait behind a dead one: which there are, and an operator's word that lets them go on.

Only agents that declare `ordered=True` keep records waiting; streams/engine/waiting.py says how.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schemas import wire
from schemas.envelope import rfc3339
from schemas.generated.state_engine_v1 import Culprit
from schemas.settings import Settings
from streams.engine.client import Outbox
from streams.engine.dead import PREFIX
from streams.engine.records import TP, Record
from streams.engine.tail import Tail, Watermarks
from streams.engine.waiting import word_on
from tables.store_layer import CULPRIT, WAITING, split_state_key

READ_S = 60.0


class NoSuchLetter(LookupError):
    """No dead letter came from there."""


@dataclass(frozen=True, slots=True)
class Held:
    """One key that waits."""

    key: str  # with its tenant
    topic: str
    partition: int
    offset: int  # of the dead record
    fingerprint: str
    since: str
    waiting: int  # records behind it


def held(settings: Settings, agent: str, mailbox: str) -> list[Held]:
    """The keys of an agent that wait, as its changelog has them."""
    return list(held_in(read(settings, f"{agent}-changelog"), mailbox))


def held_in(changelog: Iterable[Record], mailbox: str) -> Iterator[Held]:
    """The keys that wait by a whole changelog."""
    last = {record.key or b"": record.value for record in changelog}
    rows = {split_state_key(key): value for key, value in last.items() if value is not None}
    behind = Counter(scope for scope, name in rows if name.startswith(f"{WAITING}|"))
    for (scope, name), value in rows.items():
        if name.startswith(f"{CULPRIT}|"):
            row: Culprit = wire.decode(value)[1]
            at = rfc3339(row["since"])
            yield Held(scope, mailbox, row["partition"], row["offset"], row["fingerprint"], at, behind[scope])


def letter_of(letters: Iterable[Record], topic: str, partition: int, offset: int) -> Record:
    """The newest dead letter that came from there; raises NoSuchLetter."""
    wanted = {"topic": topic, "partition": str(partition), "offset": str(offset)}
    found = [one for one in letters if wanted.items() <= provenance(one).items()]
    if not found:
        raise NoSuchLetter(f"no dead letter of {topic}/{partition} at {offset}")
    return found[-1]


def provenance(letter: Record) -> dict[str, str]:
    """Where a dead letter came from and why."""
    return {
        name.removeprefix(PREFIX): value.decode(errors="replace")
        for name, value in letter.headers
        if name.startswith(PREFIX)
    }


async def resolve(settings: Settings, letter: Record, *, redrive: bool, value: bytes | None = None) -> None:
    """Let those behind a dead letter go on, after the letter itself where it is redriven.

    value  the mended body
    raises BadEnvelope, NotRedrivable, LogUnavailable
    """
    body, headers = word_on(letter, redrive=redrive, value=value)
    outbox = Outbox(settings, "cli")
    try:
        await outbox.publish(provenance(letter)["topic"], letter.key, body, headers)
    finally:
        await outbox.close()


def read(settings: Settings, topic: str) -> list[Record]:
    """All that is committed on a topic."""
    marks = Watermarks(settings)
    tps = [TP(topic, number) for number in range(marks.partitions(topic))]
    tail = Tail(settings, dict.fromkeys(tps, 0))
    try:
        return tail.read_up_to(marks.highs(tps, committed=True), READ_S)
    finally:
        tail.close()
