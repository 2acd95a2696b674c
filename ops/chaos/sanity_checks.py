"""What must hold of the log as such: nothing that was read changes, what was acknowledged is there, what came in is decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from ops.chaos.evidence import Check, Evidence
from streams.engine.records import TP

Seen = Mapping[TP, Mapping[int, int]]
SHOWN = 5  # examples of one kind


def nothing_odd_was_seen(evidence: Evidence) -> Iterator[str]:
    """Those who watched saw no offset twice, no group's offset go back, no older version in Redis."""
    yield from evidence.oddities


def what_came_in_is_decided(evidence: Evidence) -> Iterator[str]:
    """Each document has a word of normalize, or is dead; of the agents with state the replay oracle says it."""
    decided = {entry.causation for entry in evidence.of("channel.receipts")}
    dead = {put.position for put in evidence.poisons}
    lost = [
        entry
        for entry in evidence.of("channel.documents")
        if entry.id not in decided and (entry.topic, entry.partition, entry.offset) not in dead
    ]
    yield from (f"normalize left {entry.type} {entry.id} of {entry.key} undecided" for entry in lost[:SHOWN])


def second_reading(first: Seen, second: Seen) -> Iterator[str]:
    """Two readings of one log differ nowhere, but for what compaction has taken from the second."""
    for tp, before in first.items():
        after = second.get(tp, {})
        kept = "reference" in tp.topic or tp.topic == "inventory.availability"
        lost = [offset for offset in before if offset not in after] if not kept else []
        late = [offset for offset in after if offset not in before]
        other = [offset for offset, value in after.items() if before.get(offset, value) != value]
        for what, found in (
            ("was read once, and is gone", lost),
            ("was never read before", late),
            ("has changed", other),
        ):
            yield from (f"{tp.topic}/{tp.partition}: {offset} {what}" for offset in islice(found, SHOWN))


CHECKS: dict[str, Check] = {
    "nobody who watched saw what may not be": nothing_odd_was_seen,
    "each document is normalized or dead": what_came_in_is_decided,
}
