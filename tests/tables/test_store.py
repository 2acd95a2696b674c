"""The RocksDB store: what it keeps, what it throws away, and that it reads as the store in memory does."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from schemas import wire
from schemas.generated.reference_v1 import location
from tables import store as store_module
from tables.store import Belongs, Store, fingerprint
from tables.store_layer import state_key
from tables.store_memory import MemoryStore
from tables.table import Table

BELONGS = Belongs(schema="s1", incarnation="one", low=0, high=100)
RECORD = "wharf.reference.v1.Location"


def row(code: str) -> bytes:
    return wire.encode(RECORD, location(code=code))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "stores" / "0"


@pytest.fixture
def written(path: Path) -> Path:
    """A good store of one row, at offset 50 of its changelog."""
    store = Store.open(path, BELONGS)
    store.write({state_key("acme|A", "loc|W1"): row("W1")}, 50)
    store.close()
    return path


def opened(path: Path, belongs: Belongs = BELONGS) -> Iterator[Store]:
    store = Store.open(path, belongs)
    yield store
    store.close()


def rejected(path: Path, belongs: Belongs = BELONGS) -> str:
    """Why a store does not survive being opened, which leaves an empty one; nothing where it does."""
    for store in opened(path, belongs):
        found = store.get("acme|A", "loc|W1")
        assert (found is None) == (store.offset == 0) == store.is_empty() == bool(store.rejected)
        return store.rejected
    raise AssertionError("unreachable")


def test_a_store_of_its_changelog_is_kept(written: Path) -> None:
    assert rejected(written) == ""


def test_a_store_exactly_at_the_changelogs_end_is_kept(written: Path) -> None:
    assert rejected(written, replace(BELONGS, high=50)) == ""


def test_a_store_ahead_of_its_changelog_is_thrown_away(written: Path) -> None:
    assert rejected(written, replace(BELONGS, high=49)) == "ahead of its changelog"


def test_a_store_that_the_changelog_no_longer_reaches_back_to_is_thrown_away(written: Path) -> None:
    assert rejected(written, replace(BELONGS, low=51)) == "behind its changelog's begin"


def test_a_store_of_a_topic_that_was_deleted_and_made_again_is_thrown_away(written: Path) -> None:
    assert rejected(written, replace(BELONGS, incarnation="two")) == "of another topic"


def test_a_store_of_another_schema_is_thrown_away(written: Path) -> None:
    assert rejected(written, replace(BELONGS, schema="s2")) == "of another schema"


def test_a_store_that_may_have_missed_tombstones_is_thrown_away(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later = time.time() + store_module.MAX_AGE_S + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert rejected(written) == "too old"


@pytest.mark.parametrize("file", ["CURRENT", "MANIFEST"])
def test_a_corrupt_store_is_thrown_away(written: Path, file: str) -> None:
    for found in written.glob(f"{file}*"):
        found.write_text("nonsense")
    assert rejected(written) == "corrupt"


def test_a_store_with_a_broken_meta_row_is_thrown_away(written: Path) -> None:
    for store in opened(written):
        store._db.put(store_module.META, b"{not json")
    assert rejected(written) == "corrupt"


def test_a_store_that_another_process_holds_is_not_taken_for_corrupt(written: Path) -> None:
    for held in opened(written):
        with pytest.raises(Exception, match=r"(?i)lock"):
            Store.open(written, BELONGS)
        assert held.get("acme|A", "loc|W1") is not None


def test_a_store_of_which_nobody_knows_how_old_it_is_is_thrown_away(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = time.time() - store_module.MAX_AGE_S - 60
    monkeypatch.setattr(time, "time", lambda: before)  # it was written by a clock that was days ahead
    assert rejected(written) == "too old"


def test_what_was_thrown_away_is_written_anew(written: Path) -> None:
    for store in opened(written, replace(BELONGS, incarnation="two")):
        store.write({state_key("acme|A", "loc|W2"): row("W2")}, 7)
    for store in opened(written, replace(BELONGS, incarnation="two")):
        assert ([name for name, _ in store.scan("acme|A", "")], store.offset) == (["loc|W2"], 7)


def test_the_position_is_written_with_the_rows(written: Path) -> None:
    for store in opened(written):
        meta = json.loads(store._db.get(store_module.META) or b"")
        assert (meta["offset"], meta["schema"], meta["incarnation"]) == (50, "s1", "one")


def test_a_deleted_row_is_gone(written: Path) -> None:
    for store in opened(written):
        assert store.get("acme|A", "loc|W1") is not None
        store.write({state_key("acme|A", "loc|W1"): None}, 51)
        assert store.get("acme|A", "loc|W1") is None
        assert store.is_empty()


def test_a_row_that_is_written_again_is_read_anew(written: Path) -> None:
    for store in opened(written):
        assert store.get("acme|A", "loc|W1")["code"] == "W1"
        store.write({state_key("acme|A", "loc|W1"): row("moved")}, 51)
        assert store.get("acme|A", "loc|W1")["code"] == "moved"
        assert [found["code"] for _, found in store.scan("acme|A", "loc|")] == ["moved"]


def test_a_restore_fills_no_cache(path: Path) -> None:
    for store in opened(path):
        store.write({state_key("acme|A", f"loc|{number}"): row(str(number)) for number in range(9)}, 9)
        assert store._cache == {}


def test_a_row_that_was_missing_is_found_once_it_is_written(path: Path) -> None:
    for store in opened(path):
        assert store.get("acme|A", "loc|W1") is None
        store.write({state_key("acme|A", "loc|W1"): row("W1")}, 1)
        assert store.get("acme|A", "loc|W1")["code"] == "W1"


def test_the_cache_of_decoded_rows_is_bounded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "CACHED", 3)
    for store in opened(path):
        store.write({state_key("acme|A", f"loc|{number}"): row(str(number)) for number in range(9)}, 9)
        assert [found["code"] for _, found in store.scan("acme|A", "")] == [str(number) for number in range(9)]
        assert len(store._cache) <= 3


def test_scopes_with_a_common_beginning_do_not_meet(path: Path) -> None:
    for store in opened(path):
        store.write({state_key(scope, "loc|1"): row(scope) for scope in ("acme", "acme|A", "acme|AB", "acme2|A")}, 4)
        assert [found["code"] for _, found in store.scan("acme|A", "")] == ["acme|A"]


def timer_row() -> bytes:
    row = {"id": "t-1", "due": 7, "type": "x", "body": b"", "channel": "", "correlation": "", "causation": "",
           "disposition": "live", "traceparent": ""}  # fmt: skip
    return wire.encode("wharf.state.engine.v1.Timer", row)


def test_timers_are_found_without_reading_the_rows(path: Path) -> None:
    for store in opened(path):
        rows = {state_key("acme|A", "timer|hold"): timer_row(), state_key("acme|A", "loc|1"): row("1")}
        store.write(rows, 2)
        assert [(scope, name, found["due"]) for scope, name, found in store.timers()] == [("acme|A", "timer|hold", 7)]
        assert [name for name, _ in store.scan("acme|A", "")] == ["loc|1"]
        assert store.get("acme|A", "timer|hold")["id"] == "t-1"


def test_the_fingerprint_of_a_table_names_every_rows_schema() -> None:
    one = Table("t", {"loc": RECORD}, lambda kind, record, rows: {})
    two = Table("t", {"loc": RECORD, "unit": "wharf.reference.v1.Unit"}, one.apply)
    assert fingerprint(one) == fingerprint(Table("other", {"place": RECORD}, one.apply))
    assert fingerprint(one) != fingerprint(two)


scopes = st.sampled_from(["acme", "acme|A", "acme|AB", "other|A"])
names = st.sampled_from(["a|1", "a|2", "a|10", "b|ü", "b|z"])


class SameAsMemory(RuleBasedStateMachine):
    """The store on disk and the store in memory answer the same, also after being closed and opened."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp()) / "0"
        self.disk, self.memory, self.offset = Store.open(self.folder, replace(BELONGS, high=10**9)), MemoryStore(), 0

    @rule(scope=scopes, name=names, code=st.text(max_size=3) | st.none())
    def write(self, scope: str, name: str, code: str | None) -> None:
        self.offset += 1
        changes = {state_key(scope, name): None if code is None else row(code)}
        self.disk.write(changes, self.offset)
        self.memory.write(changes)

    @rule()
    def reopen(self) -> None:
        self.disk.close()
        self.disk = Store.open(self.folder, replace(BELONGS, high=10**9))
        assert self.disk.offset == self.offset

    @rule(scope=scopes, name=names)
    def read(self, scope: str, name: str) -> None:
        assert self.disk.get(scope, name) == self.memory.get(scope, name)

    @invariant()
    def scans_agree(self) -> None:
        for scope in ("acme", "acme|A", "acme|AB", "other|A"):
            for prefix in ("", "a|1", "b|"):
                assert list(self.disk.scan(scope, prefix)) == list(self.memory.scan(scope, prefix))

    def teardown(self) -> None:
        self.disk.close()
        shutil.rmtree(self.folder.parent, ignore_errors=True)


TestSameAsMemory = SameAsMemory.TestCase
TestSameAsMemory.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)


@given(st.dictionaries(st.tuples(scopes, names), st.text(max_size=3), max_size=8))
def test_a_state_key_names_one_row(rows: dict[tuple[str, str], str]) -> None:
    assert len({state_key(*key) for key in rows}) == len(rows)
