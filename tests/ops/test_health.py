"""What a process tells its operators."""

from __future__ import annotations

import httpx
import orjson
import pytest
from prometheus_client import CollectorRegistry, Counter

from ops.health import Health, HealthServer, answer


def status(path: str, health: Health) -> int:
    return answer(path, lambda: health, CollectorRegistry())[0]


@pytest.mark.parametrize(
    ("health", "healthz", "readyz"),
    [
        (Health(), 200, 200),
        (Health(ready=False), 200, 503),
        (Health(healthy=False), 503, 503),
    ],
)
def test_ready_is_healthy_and_begun(health: Health, healthz: int, readyz: int) -> None:
    assert (status("/healthz", health), status("/readyz", health)) == (healthz, readyz)


def test_the_reason_is_told() -> None:
    stuck = Health(healthy=False, details={"inventory": "no progress on partition 3 for 31 s"})
    body = orjson.loads(answer("/readyz", lambda: stuck, CollectorRegistry())[2])
    assert body == {"ok": False, "inventory": "no progress on partition 3 for 31 s"}


def test_an_unknown_path_is_not_found() -> None:
    assert status("/", Health()) == 404


def test_metrics_are_served_on_a_free_port() -> None:
    registry = CollectorRegistry()
    Counter("decided", "records decided", registry=registry).inc(3)
    server = HealthServer("127.0.0.1", 0, registry=registry)
    text = httpx.get(f"http://127.0.0.1:{server.port}/metrics").text
    server.stop()
    assert "decided_total 3.0" in text
