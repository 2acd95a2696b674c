"""One Redis for these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bad_input.quay import Story, played
from tests.support.redis import Server, server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Server]:
    with server() as running:
        yield running


@pytest.fixture(scope="session")
def calm(redis_server: Server) -> Story:
    """The good orders alone: what every other story is held to."""
    return played(redis_server)
