"""A Redis that forgets: everything, or what it learnt since a picture was taken; and the reader who would see it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from ops.chaos.faulty_redis import FaultyRedis, NoPicture
from ops.chaos.glances import Glances
from ops.embedded.redis import Redis
from tests.streams.engine.harbour import until

VALUE = '{"version":%d}'


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Redis]:
    made = Redis(tmp_path, keep=True)
    made.start()
    yield made
    made.stop()


def test_a_restored_redis_knows_what_it_knew_at_the_picture(server: Redis) -> None:
    faulty = FaultyRedis(server.url, server.folder)
    with redis.Redis.from_url(server.url) as client:
        client.set("a", "old")
        faulty.photograph()
        assert faulty.busy
        client.set("a", "new")
        client.set("b", "new")
    server.kill()
    faulty.restore()
    server.start()
    with redis.Redis.from_url(server.url) as client:
        assert (client.get("a"), client.get("b")) == (b"old", None)
    assert (faulty.busy, faulty.losses) == (False, 2)


def test_a_flushed_redis_knows_nothing(server: Redis) -> None:
    faulty = FaultyRedis(server.url, server.folder)
    with redis.Redis.from_url(server.url) as client:
        client.set("a", "1")
        faulty.flush()
        assert (client.dbsize(), faulty.losses, faulty.answers()) == (0, 2, True)


def test_a_redis_without_files_has_no_picture(tmp_path: Path) -> None:
    with pytest.raises(NoPicture):
        FaultyRedis("redis://127.0.0.1:1/0", tmp_path).photograph()


def test_a_version_that_goes_back_is_seen_unless_redis_itself_lost_it(server: Redis) -> None:
    losses = [0]
    glances = Glances(server.url, "av:", lambda: losses[0])
    try:
        with redis.Redis.from_url(server.url) as client:
            client.set("av:a", VALUE % 7)
            until(lambda: glances._shown.get("av:a", (0, 0))[0] == 7)
            losses[0] += 1
            client.set("av:a", VALUE % 5)
            until(lambda: glances._shown["av:a"][0] == 5)
            assert glances.back == []
            client.set("av:a", VALUE % 3)
            until(lambda: glances.back)
    finally:
        glances.close()
    assert glances.back == ["av:a showed version 5, then 3"]
