"""Harbours: on the Kafka that all tests share, and on one that a test may kill or freeze."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.embedded.kafka import Kafka
from tests.streams.engine.harbour import Harbour


@pytest.fixture
def harbour(kafka: Kafka, environment: str, tmp_path: Path) -> Iterator[Harbour]:
    made = Harbour(kafka.bootstrap, environment, tmp_path)
    yield made
    made.stop()


@pytest.fixture
def own_harbour(own_kafka: Kafka, environment: str, tmp_path: Path) -> Iterator[Harbour]:
    made = Harbour(own_kafka.bootstrap, environment, tmp_path)
    yield made
    made.stop()
