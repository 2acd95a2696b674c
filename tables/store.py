"""One partition's RocksDB: a cache of its changelog, written only after the transaction has committed.

It may be behind its changelog, which then catches it up; it must never be ahead of it. Only the engine's thread touches it.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rocksdict

from schemas import ids, wire
from tables.store_layer import CULPRIT, ENGINE_KINDS, TIMER, StoreFailed, is_engines_key, split_state_key, state_key
from tables.table import Table

META, ROW, ENGINES = b"\x00meta", b"k", b"t"
MAX_AGE_S = 20 * 3600  # below any delete.retention.ms: an older store may have missed tombstones
CACHED = 100_000  # rows kept in memory per partition
UNKNOWN = object()
_CODES = ("ENOSPC", "EDQUOT", "EFBIG", "EMFILE", "ENFILE", "ENOMEM", "EIO", "EROFS", "EACCES")
OUTSIDE = (
    "lock file",
    "lock hold",
    *(os.strerror(getattr(errno, code)).lower() for code in _CODES),
)  # no word against what lies on disk
MEMTABLE_BYTES, BLOCK_CACHE_BYTES, OPEN_FILES, BLOOM_BITS = 16 << 20, 8 << 20, 64, 10


@dataclass(frozen=True, slots=True)
class Belongs:
    """What a store must have been made from to be used."""

    schema: str  # fingerprint of the table's row schemas
    incarnation: str  # id of the changelog topic: it changes when the topic is deleted and made again
    low: int  # the changelog's start
    high: int  # the changelog's high watermark, read uncommitted


def fingerprint(table: Table) -> str:
    """Changes when the schema of any of the table's rows does."""
    return ids.fingerprint(tuple({*table.kinds.values(), *ENGINE_KINDS.values()}))


class Store:
    """Rows of one partition; `offset` is the next changelog offset that it has not seen."""

    def __init__(self, path: Path, belongs: Belongs) -> None:
        self.path, self.belongs, self.offset = path, belongs, 0
        self.rejected = ""  # why what lay here was thrown away
        self._spoilt = False  # found corrupt while in use
        self._db = _open(path)
        self._cache: dict[bytes, Any] = {}  # by state key: a record, None = no row, bytes = written and not read since

    @classmethod
    def open(cls, path: Path, belongs: Belongs) -> Store:
        """The store as it lies on disk, or an empty one where that cannot belong to this changelog: `rejected` says why."""
        store = _opened(cls, path, belongs)
        why = "corrupt" if store is None else store._misfit()
        if store is not None and not why:
            return store
        if store is not None:
            store.close()
        shutil.rmtree(path, ignore_errors=True)
        fresh = cls(path, belongs)
        fresh.rejected = why
        return fresh

    def get(self, scope: str, name: str) -> Any:
        """The row's record, or None."""
        key = state_key(scope, name)
        found = self._cache.get(key, UNKNOWN)
        if found is UNKNOWN:
            found = self._read(key)
        elif type(found) is not bytes:
            return found
        return self._remember(key, found)

    def scan(self, scope: str, prefix: str) -> Iterator[tuple[str, Any]]:
        """Names and records of the scope's rows that begin with `prefix`, in the order of their names; no timers."""
        begin = len(state_key(scope, ""))
        for disk, raw in self._range(_disk_key(state_key(scope, prefix))):
            key = disk[1:]
            found = self._cache.get(key, raw)
            yield key[begin:].decode(), self._remember(key, raw) if type(found) is bytes else found

    def timers(self) -> Iterator[tuple[str, str, Any]]:
        """Scope, name and record of every timer's row."""
        return self._engines(TIMER)

    def culprits(self) -> Iterator[tuple[str, str, Any]]:
        """Scope, name and record of every dead record's row behind which others wait."""
        return self._engines(CULPRIT)

    def _engines(self, kind: str) -> Iterator[tuple[str, str, Any]]:
        for key, raw in self._range(ENGINES):
            scope, name = split_state_key(key[1:])
            if name.startswith(f"{kind}|"):
                yield scope, name, wire.decode(raw)[1]

    def is_empty(self) -> bool:
        """Whether it holds no row at all."""
        return not any(True for prefix in (ROW, ENGINES) for _ in self._range(prefix))

    def write(self, changes: Mapping[bytes, bytes | None], offset: int) -> None:
        """All changes by state key, and the changelog offset behind them, in one WriteBatch."""
        batch = rocksdict.WriteBatch(raw_mode=True)
        put, cache = batch.put, self._cache
        for key, raw in changes.items():
            if key in cache:
                cache[key] = raw
            if raw is None:
                batch.delete(_disk_key(key))
            else:
                put(_disk_key(key), raw)
        batch.put(META, self._meta(offset))
        try:
            self._db.write(batch)
        except Exception as exc:
            raise self._failed(exc) from exc
        self.offset = offset

    def close(self) -> None:
        """Release the files and their lock; what could not be written for want of room is in the changelog."""
        with suppress(Exception):  # a bare one, where a write has failed before; the lock is released all the same
            self._db.close()
        if self._spoilt:
            shutil.rmtree(self.path, ignore_errors=True)

    def _misfit(self) -> str:
        """Why these rows cannot be caught up from the changelog; empty where they can."""
        try:
            meta = json.loads(self._db.get(META) or b"{}")
            if not meta:
                return ""
            self.offset = int(meta["offset"])
            return self._judged(str(meta["incarnation"]), str(meta["schema"]), time.time() - meta["time"])
        except Exception as exc:  # RocksDB reports corruption as a bare Exception; a broken meta row is no better
            if not _is_corrupt(exc):
                raise
            return "corrupt"

    def _judged(self, incarnation: str, schema: str, age_s: float) -> str:
        belongs = self.belongs
        reasons = (
            ("of another topic", incarnation != belongs.incarnation),
            ("of another schema", schema != belongs.schema),
            ("too old", not -MAX_AGE_S < age_s < MAX_AGE_S),  # or the clock was wrong, and nobody knows how old
            ("ahead of its changelog", self.offset > belongs.high),
            ("behind its changelog's begin", self.offset < belongs.low),
        )
        return next((why for why, holds in reasons if holds), "")

    def _meta(self, offset: int) -> bytes:
        written = {
            "offset": offset,
            "incarnation": self.belongs.incarnation,
            "schema": self.belongs.schema,
            "time": time.time(),
        }
        return json.dumps(written).encode()

    def _range(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        found = self._db.iter()
        found.seek(prefix)
        while found.valid() and (key := found.key()).startswith(prefix):
            yield key, found.value()
            found.next()
        try:
            found.status()  # where it cannot read on, it ends as at the end of all rows
        except Exception as exc:
            raise self._failed(exc) from exc

    def _read(self, key: bytes) -> Any:
        try:
            return self._db.get(_disk_key(key))
        except Exception as exc:
            raise self._failed(exc) from exc

    def _failed(self, exc: Exception) -> StoreFailed:
        """The doubt that ends a session; a store that is corrupt is not opened again."""
        self._spoilt = self._spoilt or _is_corrupt(exc)
        return StoreFailed(f"{self.path}: {exc}")

    def _remember(self, key: bytes, raw: bytes | None) -> Any:
        if len(self._cache) >= CACHED:
            self._cache.clear()
        record = self._cache[key] = None if raw is None else wire.decode(raw)[1]
        return record


def _opened(kind: type[Store], path: Path, belongs: Belongs) -> Store | None:
    """The store, or None where it is corrupt; raises where another process holds it, or the machine lacks something."""
    try:
        return kind(path, belongs)
    except Exception as exc:  # RocksDB reports corruption as a bare Exception
        if not _is_corrupt(exc):
            raise
        return None


def _is_corrupt(exc: Exception) -> bool:
    """Whether the files are to blame: a full disk or too many open files says nothing against them."""
    return not any(reason in str(exc).lower() for reason in OUTSIDE)


def _disk_key(key: bytes) -> bytes:
    """The engine's rows lie apart, so that a start finds them without reading every row."""
    return (ENGINES if is_engines_key(key) else ROW) + key


def _open(path: Path) -> rocksdict.Rdict:
    path.parent.mkdir(parents=True, exist_ok=True)
    blocks = rocksdict.BlockBasedOptions()
    blocks.set_block_cache(rocksdict.Cache(BLOCK_CACHE_BYTES))  # the default is one of gigabytes
    blocks.set_bloom_filter(BLOOM_BITS, False)  # most keys that are asked for on disk are new ones
    options = rocksdict.Options(raw_mode=True)
    options.create_if_missing(True)
    options.set_write_buffer_size(MEMTABLE_BYTES)
    options.set_max_open_files(OPEN_FILES)
    options.set_keep_log_file_num(2)
    options.set_block_based_table_factory(blocks)
    return rocksdict.Rdict(str(path), options=options)
