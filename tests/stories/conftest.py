"""Places for stories, one per module and kind."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest

from ops.embedded.child import free_port
from ops.embedded.kafka import Kafka
from tests.stories.places.driven import driven
from tests.stories.places.place import Place
from tests.stories.places.running import running

EMBEDDED = pytest.param("embedded", marks=[pytest.mark.broker, pytest.mark.slow])
KAFKA = pytest.param("kafka", marks=[pytest.mark.kafka, pytest.mark.slow])


def opened(kind: str, request: pytest.FixtureRequest, factory: pytest.TempPathFactory) -> AbstractContextManager[Place]:
    """A place of this kind, closed when the context is left; real Kafka is shared, under an environment of its own."""
    folder = factory.mktemp(kind)
    if kind == "driver":
        return driven(folder)
    gateway = f"127.0.0.1:{free_port()}"
    if kind == "embedded":
        return running(folder, gateway=gateway)
    kafka: Kafka = request.getfixturevalue("kafka")
    environment = f"s{uuid.uuid4().hex[:12]}"
    return running(folder, "--kafka", kafka.bootstrap, gateway=gateway, environment=environment)


@pytest.fixture(scope="module")
def driver(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The topology driver."""
    with opened("driver", request, tmp_path_factory) as place:
        yield place


@pytest.fixture(scope="module", params=[EMBEDDED, KAFKA])
def real(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A running system."""
    with opened(request.param, request, tmp_path_factory) as place:
        yield place


@pytest.fixture(scope="module", params=["driver", EMBEDDED, KAFKA])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Each of the three."""
    with opened(request.param, request, tmp_path_factory) as found:
        yield found
