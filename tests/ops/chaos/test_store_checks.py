"""The judge of RocksDB: rows on disk are those of the replay, wherever a partition was owned last."""

from __future__ import annotations

from pathlib import Path

from ops.chaos.store_checks import Due, disagreeing, read
from tables.store import Belongs, Store
from tables.store_layer import state_key

KEY, OTHER = state_key("acme|a", "order|1"), state_key("acme|b", "order|1")


def stored(folder: Path, slot: str, rows: dict[bytes, bytes | None], offset: int) -> None:
    store = Store.open(folder / slot / "stores" / "0", Belongs("schema", "topic", 0, 100))
    store.write(rows, offset)
    store.close()


def shown(folder: Path, rows: dict[bytes, bytes], end: int) -> list[str]:
    return [violation.shown for violation in disagreeing(folder, "orders", {0: Due(rows, end)})]


def test_rows_and_offset_are_read_back(tmp_path: Path) -> None:
    stored(tmp_path, "0", {KEY: b"one", OTHER: b"two"}, 7)
    assert read(tmp_path / "0" / "stores" / "0") == (7, {KEY: b"one", OTHER: b"two"})


def test_a_store_at_its_end_with_the_rows_of_the_replay_is_right(tmp_path: Path) -> None:
    stored(tmp_path, "0", {KEY: b"one"}, 7)
    assert shown(tmp_path, {KEY: b"one"}, 7) == []


def test_a_store_that_was_owned_once_may_be_behind(tmp_path: Path) -> None:
    stored(tmp_path, "0", {KEY: b"old"}, 3)
    stored(tmp_path, "1", {KEY: b"one"}, 8)
    assert shown(tmp_path, {KEY: b"one"}, 7) == []


def test_a_partition_that_no_store_has_is_found(tmp_path: Path) -> None:
    stored(tmp_path, "0", {KEY: b"one"}, 3)
    assert shown(tmp_path, {KEY: b"one"}, 7) == ["orders: no store of partition 0 is at 7: {'0': 3}"]


def test_other_rows_are_found(tmp_path: Path) -> None:
    stored(tmp_path, "0", {KEY: b"one", OTHER: b"two"}, 7)
    (extra,) = shown(tmp_path, {KEY: b"one"}, 7)
    (changed,) = shown(tmp_path, {KEY: b"other", OTHER: b"two"}, 7)
    assert ("too many" in extra, "another" in changed) == (True, True)
