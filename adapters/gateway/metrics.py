"""What the gateway counts. Labels are bounded: the route's template, never an id."""

from __future__ import annotations

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from starlette.types import Scope

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


SKIPPED = Counter("gateway_records_skipped", "Records of the log that could not be read and were left out", ["topic"])


class Metrics:
    """One gateway's metrics, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "http_request_duration_seconds", "Time from request to answer", ("route", "method", "status"),
            registry=self.registry, buckets=BUCKETS,
        )  # fmt: skip
        self.skipped = Counter(
            "idempotency_checks_skipped_total", "Requests taken while Redis was away", registry=self.registry
        )

    def observed(self, scope: Scope, status: int, seconds: float) -> None:
        """One request was answered; status 0 = the client went away before."""
        route = getattr(scope.get("route"), "path", "none")
        method = scope["method"] if scope["method"] in ("GET", "POST", "PUT", "HEAD", "PATCH", "DELETE") else "other"
        self._seconds.labels(route, method, str(status)).observe(seconds)

    def text(self) -> bytes:
        """The exposition, with this process's own."""
        return generate_latest(self.registry) + generate_latest(REGISTRY)
