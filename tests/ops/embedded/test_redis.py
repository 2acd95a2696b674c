"""The embedded Redis."""

from __future__ import annotations

from pathlib import Path

import redis

from ops.embedded.redis import Redis, answers
from tests.support.embedded import running


def test_it_answers_as_soon_as_start_returns(redis_server: Redis) -> None:
    assert answers(redis_server.url)


def test_without_a_file_a_killed_redis_forgets(tmp_path: Path) -> None:
    assert value_after_a_kill(Redis(tmp_path)) is None


def test_with_a_file_a_killed_redis_remembers(tmp_path: Path) -> None:
    assert value_after_a_kill(Redis(tmp_path, keep=True)) == b"1"


def test_nobody_answers_after_stop(tmp_path: Path) -> None:
    server = Redis(tmp_path)
    server.start()
    server.stop()
    assert not answers(server.url)


def value_after_a_kill(server: Redis) -> object:
    for running_server in running(server):
        with redis.Redis.from_url(running_server.url) as client:
            client.set("k", "1")
        running_server.kill()
        running_server.start()
        with redis.Redis.from_url(running_server.url) as client:
            return client.get("k")
    return None
