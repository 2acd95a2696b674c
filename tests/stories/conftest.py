"""Places for stories, one per module and kind."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest

from ops.embedded.child import free_port
from ops.embedded.kafka import Kafka
from streams.engine.schedule import Faults
from tests.stories.places.driven import driven
from tests.stories.places.place import Place
from tests.stories.places.running import running

EMBEDDED = pytest.param("embedded", marks=[pytest.mark.broker, pytest.mark.alone, pytest.mark.slow])
KAFKA = pytest.param("kafka", marks=[pytest.mark.kafka, pytest.mark.alone, pytest.mark.slow])


ROUGH = Faults(lost=0.1, died=0.1, robbed=0.3, torn=0.1, idle=0.1)
SEED = 4


def opened(
    kind: str, request: pytest.FixtureRequest, factory: pytest.TempPathFactory, *, noise: int | None = None
) -> AbstractContextManager[Place]:
    """A place of this kind, closed when the context is left; real Kafka is shared, under an environment of its own.

    noise  seed: some requests come twice, and where that may be survived a worker is killed
    """
    folder = factory.mktemp(kind)
    if kind == "driver":
        return driven(folder, noise=noise)
    if kind == "storm":
        return driven(folder, partitions=12, seed=SEED, faults=ROUGH, noise=noise)
    gateway = f"127.0.0.1:{free_port()}"
    if kind == "embedded":
        return running(folder, gateway=gateway, noise=noise)
    kafka: Kafka = request.getfixturevalue("kafka")
    environment = f"s{uuid.uuid4().hex[:12]}"
    return running(
        folder, "--kafka", kafka.bootstrap, gateway=gateway, environment=environment, noise=noise, kill=noise
    )


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


@pytest.fixture(scope="module", params=["driver", "storm", EMBEDDED, KAFKA])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Each of all, with the noise of a real day; in the storm workers die all the time."""
    with opened(request.param, request, tmp_path_factory, noise=SEED) as found:
        yield found
