"""A Redis that came back with less than it had acknowledged is noticed, whoever asks next."""

from __future__ import annotations

from typing import Any

import pytest

from tables.redis.sink import RedisSink
from tables.write import SinkBehind, SinkEmptied
from tests.tables.redis.test_sink import ready

FEED = ("channels.feed", 1)


def reached(store: Any, *spans: tuple[int, int]) -> RedisSink:
    """A sink that has moved on so."""
    sink = ready(store)
    for begin, end in spans:
        sink.moved({FEED: (begin, end)})
    return sink


def test_how_far_each_partition_is_projected_stands_beside_what_was_projected(store: Any) -> None:
    reached(store, (0, 5), (5, 9))
    assert store.hgetall("dev:reached") == {b"channels.feed/1": b"9"}


def test_a_redis_that_knows_of_less_than_was_committed_is_projected_again(store: Any) -> None:
    sink = reached(store, (0, 5), (5, 9))
    store.hset("dev:reached", "channels.feed/1", 5)  # an old snapshot, or its last second is lost
    with pytest.raises(SinkBehind) as behind:
        sink.moved({FEED: (9, 12)})
    assert behind.value.known == {FEED: 5}
    sink.moved({FEED: (5, 7)})
    assert store.hget("dev:reached", "channels.feed/1") == b"7"


def test_an_old_snapshot_is_told_by_the_next_projector_too(store: Any) -> None:
    reached(store, (0, 5), (5, 9))
    store.hset("dev:reached", "channels.feed/1", 5)
    after = RedisSink(store, "dev")
    with pytest.raises(SinkBehind) as behind:
        after.moved({FEED: (9, 9)})
    assert behind.value.known == {FEED: 5}


def test_an_old_snapshot_is_told_while_nothing_is_written(store: Any) -> None:
    sink = reached(store, (0, 5))
    store.hdel("dev:reached", "channels.feed/1")
    with pytest.raises(SinkEmptied):
        sink.moved({FEED: (5, 5)})
    sink.moved({FEED: (0, 0)})
    assert store.hget("dev:reached", "channels.feed/1") == b"0"


def test_who_dies_between_note_and_commit_is_ahead_and_nothing_is_missing(store: Any) -> None:
    reached(store, (0, 9))
    RedisSink(store, "dev").moved({FEED: (5, 9)})
    assert store.hget("dev:reached", "channels.feed/1") == b"9"


def test_a_partition_that_begins_behind_nothing_is_no_loss(store: Any) -> None:
    reached(store, (40, 41))
    assert store.hget("dev:reached", "channels.feed/1") == b"41"
