"""Table and Redis made again from a log on real Kafka, at a tiny size: whole, whatever time it takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.bench.lane import Ground
from ops.bench.stock import rebuilding
from ops.bench.stock.growing import pattern_of_one
from ops.embedded.kafka import Kafka
from ops.embedded.redis import Redis

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(150)]
SKUS = 200


def test_the_table_is_rebuilt_row_by_row(kafka: Kafka, tmp_path: Path) -> None:
    found = rebuilding.table(Ground(kafka.bootstrap, "", tmp_path), SKUS)
    assert found.rebuilt.events == SKUS * len(pattern_of_one())
    assert found.plain.events % found.rebuilt.events == 0


def test_redis_is_filled_to_the_last_version(kafka: Kafka, redis_server: Redis, tmp_path: Path) -> None:
    found, taken = rebuilding.read_model(Ground(kafka.bootstrap, redis_server.url, tmp_path), SKUS)
    assert found.rebuilt.events == SKUS - max(1, int(rebuilding.FIRST * SKUS))
    assert taken > 100
