"""The compare-and-set script, called once per group of writes: on one server a batch is one group, on a cluster one per slot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from redis.crc import key_slot

from tables.redis.values import tombstone
from tables.write import Write

LUA = (Path(__file__).parent / "cas.lua").read_text(encoding="utf-8")
MOST_PER_CALL = 1_000  # the script holds the server while it runs: 1,000 writes are some 3 ms
SlotOf = Callable[[bytes], int]


def one_slot(key: bytes) -> int:
    """Not a cluster: all keys may be touched by one call."""
    return 0


def cluster_slot(key: bytes) -> int:
    """The key's hash slot, by the rule of Redis Cluster (CRC16 mod 16384, hash tags honoured)."""
    return int(key_slot(key))


def calls(writes: Sequence[Write], prefix: str, slot_of: SlotOf) -> Iterator[tuple[list[bytes], list[bytes]]]:
    """Keys and arguments of each call; the order of writes to one key is kept."""
    groups: dict[int, list[tuple[bytes, Write]]] = {}
    for write in writes:
        key = f"{prefix}{write.key}".encode()
        groups.setdefault(slot_of(key), []).append((key, write))
    for group in groups.values():
        rest = iter(group)
        while some := list(islice(rest, MOST_PER_CALL)):
            yield [key for key, _ in some], [argument for _, write in some for argument in _arguments(write)]


def _arguments(write: Write) -> tuple[bytes, bytes, bytes, bytes, bytes]:
    if write.row:
        return write.field.encode(), b"%d" % write.version, write.value or b"", b"r", b"%d" % write.ttl_s
    value = tombstone(write.version) if write.value is None else write.value
    kind = b"z" if write.scored else b""
    return write.field.encode(), b"%d" % write.version, value, kind, b"%d" % write.ttl_s
