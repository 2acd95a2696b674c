"""One Redis for the gateway's tests, and a desk over it for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.gateway import Desk
from tests.support.gateway import desk as opened
from tests.support.redis import Server, server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Server]:
    with server() as running:
        yield running


@pytest.fixture
def desk(redis_server: Server) -> Iterator[Desk]:
    with opened(redis_server) as one:
        yield one
