"""The replay oracle: the mailboxes folded by the pure functions alone, compared with what the engine made of them.

Same in, same out, and a batch is an accident: so whatever was killed, each agent's log has to hold exactly what deciding
its mailbox once, in one thread, in the order of the log gives; byte for byte, and its tables too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple
from zlib import crc32

from ops.catalog import agent_of, stateful
from schemas.topics import TOPICS
from streams.engine.deciding import Deciding
from streams.engine.records import TP, Out, Record
from tables.store_layer import is_engines_key, split_state_key, state_key
from tables.store_memory import MemoryStore

AT_ONCE = 1_000
SHOWN = 5
Rows = dict[bytes, bytes]
Made = Counter[tuple[str, bytes, int]]  # topic, id, checksum of the value


class Folded(NamedTuple):
    """What a mailbox leads to."""

    made: Made
    rows: dict[TP, Rows]  # by partition of the mailbox; timers left out, as they fire by the clock


def mailboxes() -> dict[str, str]:
    """The mailbox of each agent whose state is a fold of it."""
    return {name: agent_of(name).reads[0] for name in stateful()}


def fold(agent: str, records: Iterable[Record]) -> Folded:
    """Decide a mailbox from its beginning, each partition in the order of its offsets."""
    by_partition: dict[TP, list[Record]] = {}
    for record in records:
        by_partition.setdefault(record.tp, []).append(record)
    made, rows, deciding = Made(), dict[TP, Rows](), Deciding(agent_of(agent))
    for tp, found in sorted(by_partition.items()):
        store = MemoryStore()
        for batch in _cut(sorted(found, key=lambda record: record.offset)):
            decided = deciding.batch(batch, store)
            made.update(_made(out) for out in decided.outs if not out.topic.endswith(".dead"))
            store.write(decided.layer.encoded())
        rows[tp] = lasting(store)
    return Folded(made, rows)


def told(agent: str, log: Iterable[Record]) -> Made:
    """What the log holds of an agent; its own timers' commands are no answer to anybody."""
    own, mailbox = f"wharf/{agent}".encode(), mailboxes()[agent]
    return Made(
        (record.topic, _header(record.headers, "ce_id"), crc32(record.value or b""))
        for record in log
        if _header(record.headers, "ce_source") == own
        and record.topic != mailbox
        and not record.topic.endswith(".dead")
    )


def contradictions(agent: str, due: Made, found: Made) -> Iterator[str]:
    """Where the log holds less or more than was due. Of topics that keep the last of a batch, any may be missing."""
    own = mailboxes()[agent]
    due = Made({key: count for key, count in due.items() if key[0] != own})
    missing = [key for key in (due - found) if not TOPICS[key[0]].latest]
    for what, keys in (("did not say", missing), ("said, and should not have", list(found - due))):
        yield from (f"{agent} {what} {id.decode()} on {topic}" for topic, id, _ in islice(keys, SHOWN))
        if len(keys) > SHOWN:
            yield f"{agent} {what} {len(keys)} things in all"


def lasting(store: MemoryStore) -> Rows:
    """A store's rows by state key, without the engine's own."""
    rows = {state_key(scope, name): raw for scope, found in store.filled().items() for name, raw in found.items()}
    return {key: raw for key, raw in rows.items() if not is_engines_key(key)}


def differing_rows(agent: str, where: str, due: Mapping[bytes, bytes], found: Mapping[bytes, bytes]) -> Iterator[str]:
    """Rows that are not what the fold of the mailbox makes them."""
    names = [key for key in due.keys() | found.keys() if due.get(key) != found.get(key)]
    for key in sorted(names)[:SHOWN]:
        state = "missing" if key not in found else "too many" if key not in due else "another"
        yield f"{agent}: row {split_state_key(key)} in {where} is {state}, of {len(names)} that differ"


def _made(out: Out) -> tuple[str, bytes, int]:
    return out.topic, _header(out.headers, "ce_id"), crc32(out.value or b"")


def _header(headers: Iterable[tuple[str, bytes]], wanted: str) -> bytes:
    return next((value for name, value in headers if name == wanted), b"")


def _cut(records: Sequence[Record]) -> Iterator[Sequence[Record]]:
    for start in range(0, len(records), AT_ONCE):
        yield records[start : start + AT_ONCE]
