"""One Redis for the tests of this room, emptied before each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from tests.support.redis import Server, server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Server]:
    with server() as running:
        yield running


@pytest.fixture
def store(redis_server: Server) -> Iterator[redis.Redis]:
    with redis_server.client() as client:
        client.flushall()
        yield client
