"""Servers that tests share, one of each per test process, started when first asked for."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from hypothesis import settings

from ops.embedded.broker import Broker
from ops.embedded.kafka import BRIEF, Kafka
from ops.embedded.redis import Redis
from tests.support.embedded import folder, running

settings.register_profile("house", deadline=None)  # a busy machine is no failure; pytest's own limit still holds
settings.load_profile("house")


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """Real Kafka from its jars; `kafka.bootstrap` is its address. Mark the test `kafka`."""
    yield from running(Kafka(folder(tmp_path_factory, "kafka"), jvm=BRIEF))


@pytest.fixture
def own_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """A Kafka of the test's own, for tests that kill or freeze it: what they leave behind meets nobody."""
    yield from running(Kafka(folder(tmp_path_factory, "own-kafka"), jvm=BRIEF))


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """The embedded broker; `broker.bootstrap` is its address. Mark the test `broker`."""
    yield from running(Broker(folder(tmp_path_factory, "broker")))


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """A Redis without persistence; `redis_server.url` is its address."""
    yield from running(Redis(folder(tmp_path_factory, "redis")))


@pytest.fixture
def environment() -> str:
    """An environment prefix that no other test has: topics, groups and Redis keys do not meet on shared servers."""
    return f"t{uuid.uuid4().hex[:12]}"
