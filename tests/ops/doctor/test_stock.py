"""The doctor says when a source of stock says otherwise than wharf for too long."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
import redis

from ops.doctor.finding import Finding, State
from ops.doctor.stock import examine_drift, judge_drift
from ops.embedded.redis import Redis
from schemas.settings import Settings
from tables.redis import keys
from tables.redis.drift_totals import DriftTotals
from tables.redis.values import versioned

ENVIRONMENT = "doctor-of-stock"


@pytest.fixture
def client(redis_server: Redis) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_server.url) as found:
        found.sadd(f"{ENVIRONMENT}:{keys.TENANTS}", "acme")
        yield found
        for name in found.scan_iter(match=f"{ENVIRONMENT}:*"):
            found.delete(name)


def examined(server: Redis) -> Finding:
    [found] = examine_drift(Settings(redis=server.url, environment=ENVIRONMENT))
    return found


def test_where_all_agree_all_is_good(redis_server: Redis, client: redis.Redis) -> None:
    assert examined(redis_server).state is State.GOOD


@pytest.mark.parametrize(("exception", "state"), [(False, State.GOOD), (True, State.BAD)])
def test_a_drift_is_bad_once_it_is_an_exception(
    redis_server: Redis, client: redis.Redis, exception: bool, state: State
) -> None:
    body = {"exception": exception, "figures": [{"unexplained": "-3"}]}
    client.hset(f"{ENVIRONMENT}:{keys.drift('acme', 'M')}", keys.drift_field("M", "DC1", "erp"), versioned(1, body))
    found = examined(redis_server)
    assert (found.state, "1 drifts" in found.saw, "3 units unexplained" in found.saw) == (state, True, True)


def test_the_remedy_is_the_command_that_shows_them() -> None:
    assert "wharf inventory drift --exceptions" in judge_drift(DriftTotals(2, 1, Decimal(4))).remedy


def test_without_redis_nothing_is_known() -> None:
    [found] = examine_drift(Settings(redis="redis://127.0.0.1:9/0"))
    assert found.state is State.UNKNOWN
