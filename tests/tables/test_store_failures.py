"""What a store does when the disk or the machine fails it: it says so, and takes neither for the end of its rows."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tables import store as store_module
from tables.store import Store
from tables.store_layer import StoreFailed, state_key
from tests.tables.test_store import BELONGS, opened, path, rejected, row, written

__all__ = ["path", "written"]  # fixtures


@pytest.mark.parametrize("code", ["ENOSPC", "EMFILE", "ENOMEM", "EIO"])
def test_a_store_is_not_thrown_away_for_what_the_machine_lacks(
    written: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """RocksDB tells all of it in the words of strerror, as a bare Exception."""
    with monkeypatch.context() as patch:
        patch.setattr(store_module.rocksdict, "Rdict", failing(os.strerror(getattr(errno, code))))
        with pytest.raises(Exception, match=os.strerror(getattr(errno, code))):
            Store.open(written, BELONGS)
    assert rejected(written) == ""


def failing(reason: str) -> Callable[..., Any]:
    def fail(*args: Any, **options: Any) -> Any:
        raise Exception(f"IO error: {reason}: While open a file for appending: 000012.log: {reason}")

    return fail


def spoilt(path: Path, rows: int = 3_000) -> Store:
    """An open store of many rows, some of whose bytes the disk has changed since."""
    store = Store.open(path, BELONGS)
    store.write({state_key("acme|A", f"loc|{index:05}"): row(f"W{index}") for index in range(rows)}, 50)
    store._db.flush()
    store.close()
    for file in path.glob("*.sst"):
        raw = bytearray(file.read_bytes())
        raw[len(raw) // 2 : len(raw) // 2 + 400] = bytes(400)
        file.write_bytes(raw)
    return Store.open(path, BELONGS)


def test_rows_that_cannot_be_read_are_no_rows_that_are_missing(path: Path) -> None:
    store = spoilt(path)
    assert store.rejected == ""  # nothing is read to find out
    with pytest.raises(StoreFailed, match="checksum"):
        list(store.scan("acme|A", ""))
    with pytest.raises(StoreFailed, match="checksum"):
        for index in range(3_000):
            store.get("acme|A", f"loc|{index:05}")
    store.close()


def test_a_store_that_was_found_corrupt_in_use_is_made_anew_by_the_next_session(path: Path) -> None:
    store = spoilt(path)
    with pytest.raises(StoreFailed):
        list(store.scan("acme|A", ""))
    store.close()
    for fresh in opened(path):
        assert (fresh.offset, fresh.is_empty()) == (0, True)


def test_a_write_that_fails_ends_in_doubt_and_the_store_is_closed_and_kept(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(written, BELONGS)
    real = store._db
    monkeypatch.setattr(store, "_db", Full(real))
    with pytest.raises(StoreFailed, match="No space left"):
        store.write({state_key("acme|A", "loc|W2"): row("W2")}, 51)
    store.close()
    assert rejected(written) == ""


class Full:
    """A RocksDB without room: neither a write nor closing goes well."""

    def __init__(self, db: Any) -> None:
        self._db = db

    def write(self, batch: Any) -> None:
        failing(os.strerror(errno.ENOSPC))()

    def close(self) -> None:
        self._db.close()
        raise Exception("IO error: Writer has previous error.")
