"""What must hold of RocksDB once the workers are gone: whoever owned a partition last has the rows of the replay on disk."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import rocksdict

from ops.chaos import oracle
from ops.chaos.evidence import Violation
from tables.store import META, ROW

STORES = "RocksDB holds the rows of the replay"


@dataclass
class Due:
    """What the replay makes of one partition of an agent's table, and where its changelog's last row ends."""

    rows: Mapping[bytes, bytes] = field(default_factory=dict)
    end: int = 0


def stores(slots: Path, partition: int) -> Iterator[Path]:
    """The stores of a partition, of all slots that ever owned it."""
    return slots.glob(f"*/stores/{partition}")


def read(store: Path) -> tuple[int, oracle.Rows]:
    """The changelog offset that a store has seen, and its rows by state key."""
    db = rocksdict.Rdict(
        str(store), options=rocksdict.Options(raw_mode=True), access_type=rocksdict.AccessType.read_only()
    )
    try:
        meta = json.loads(db.get(META) or b'{"offset": 0}')
        rows = {key[len(ROW) :]: value for key, value in _bytes(db) if key.startswith(ROW)}
    finally:
        db.close()
    return int(meta["offset"]), rows


def _bytes(db: rocksdict.Rdict) -> Iterator[tuple[bytes, bytes]]:
    return ((key, value) for key, value in db.items() if isinstance(key, bytes) and isinstance(value, bytes))


def disagreeing(slots: Path, agent: str, due: Mapping[int, Due]) -> Iterator[Violation]:
    """Stores that are at the end of their changelog and hold other rows; partitions that no store has to its end."""
    for partition, wanted in sorted(due.items()):
        found = [(path, *read(path)) for path in sorted(stores(slots, partition))]
        at_end = [(path, rows) for path, offset, rows in found if offset >= wanted.end]
        if wanted.rows and not at_end:
            told = {path.parts[-3]: offset for path, offset, _ in found}
            yield Violation(STORES, f"{agent}: no store of partition {partition} is at {wanted.end}: {told}")
        for path, rows in at_end:
            where = f"RocksDB of slot {path.parts[-3]}, partition {partition}"
            yield from (Violation(STORES, shown) for shown in oracle.differing_rows(agent, where, wanted.rows, rows))
