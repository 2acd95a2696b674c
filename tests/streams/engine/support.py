"""Records of the toy's mailbox, as the broker would hand them over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from schemas import wire
from schemas.envelope import Envelope, from_headers, to_headers
from schemas.loader import by_type
from schemas.topics import key_of
from streams.engine.deciding import Decided, Deciding
from streams.engine.records import Out, Record
from tables.store_memory import MemoryStore
from tests.streams.engine.toy import append, toy

START = 1_772_438_400_000


def record(index: int, key: str = "a", kind: str = "count", data: bytes = b"", **envelope: Any) -> Record:
    """The record at one offset of the toy's mailbox."""
    headers = to_headers(Envelope(f"c-{index}", "feed.append", "wharf/test", "acme", **envelope))
    value = wire.encode(by_type()["feed.append"].name, append(kind, data))
    return Record("feeds.commands", 0, index, START + index, key_of("acme", key).encode(), value, headers)


def run(batches: Iterable[Sequence[Record]], store: MemoryStore | None = None) -> tuple[list[Out], MemoryStore]:
    """Decide batches one after the other, each committed before the next; all that was published, and the rows."""
    store, outs = store or MemoryStore(), []
    for batch in batches:
        decided = Deciding(toy).batch(batch, store)
        store.write(decided.layer.encoded())
        outs += decided.outs
    return outs, store


def decide_all(*records: Record) -> Decided:
    """One batch over no rows."""
    return Deciding(toy).batch(records, MemoryStore())


def types(outs: Iterable[Out]) -> list[str]:
    """CloudEvents types, "" for a dead letter of something unreadable."""
    return [dict(out.headers).get("ce_type", b"").decode() for out in outs]


def envelope(out: Out) -> Envelope:
    """The envelope of what was published."""
    return from_headers(out.headers)
