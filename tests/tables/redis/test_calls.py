"""One call of the script: many writes of a key, rows of hashes that end, and as many writes as a call may have."""

from __future__ import annotations

from typing import Any

import pytest

from tables.redis import values
from tests.tables.redis.test_sink import ready, text


@pytest.mark.parametrize("kept_s", [0, 60])
def test_one_call_takes_the_newest_of_a_key_and_gives_it_its_time(store: Any, kept_s: int) -> None:
    sink, key = ready(store), "idem:acme:1"
    sink.write([values.text(key, version, {}, kept_s) for version in (1, 3, 2)])
    sink.write([values.text(key, 2, {}, 9)])
    assert values.version_of(store.get(f"dev:{key}")) == 3
    assert store.ttl(f"dev:{key}") == (kept_s or -1)


def test_a_call_is_as_large_as_it_may_be(store: Any) -> None:
    writes = [text(version, f"av:acme:{number}") for number in range(1_500) for version in (2, 1)]
    ready(store).write(writes)
    found = [values.version_of(value) for value in store.mget([f"dev:av:acme:{number}" for number in range(1_500)])]
    assert found == [2] * 1_500


def test_a_row_that_ended_leaves_nothing_and_an_older_one_does_not_come_back(store: Any) -> None:
    sink, key = ready(store), "held:acme:W"
    sink.write([values.row(key, "a", 3, {"n": 1}), values.row(key, "b", 3, {"n": 2}), values.row(key, "a", 4, None)])
    sink.write([values.row(key, "a", 3, {"n": 1}), values.row(key, "b", 2, None)])
    assert store.hgetall(f"dev:{key}") == {b"": b"4", b"b": values.versioned(3, {"n": 2})}
