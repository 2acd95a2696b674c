"""What the gateway counts. Labels are bounded: the route's template, never an id."""

from __future__ import annotations

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import Scope

from tables.redis.drift_totals import DriftTotals

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

SKIPPED = Counter("gateway_records_skipped", "Records of the log that could not be read and were left out", ["topic"])

DRIFTS = Gauge("wharf_inventory_drifts", "Sources that say otherwise than wharf", ["beyond_tolerance"])
DRIFT_UNITS = Gauge("wharf_inventory_drift_units", "Units of drift that no event explains")
DRIFTS_EVERY_MS = 30_000  # reading them all costs Redis some microseconds each; a drift lasts hours


class Metrics:
    """One gateway's metrics, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._drifts_at = -DRIFTS_EVERY_MS
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

    def drifts_are_due(self, now: int) -> bool:
        """Whether the drifts were counted long ago."""
        due = now >= self._drifts_at + DRIFTS_EVERY_MS
        self._drifts_at = now if due else self._drifts_at
        return due

    def drifting(self, found: DriftTotals | None) -> None:
        """So many drifts stand; None: nobody knows."""
        unknown = float("nan")
        DRIFTS.labels("true").set(unknown if found is None else found.exceptions)
        DRIFTS.labels("false").set(unknown if found is None else found.drifts - found.exceptions)
        DRIFT_UNITS.set(unknown if found is None else float(found.unexplained))

    def text(self) -> bytes:
        """The exposition, with this process's own."""
        return generate_latest(self.registry) + generate_latest(REGISTRY)
