"""Examines what sources of stock say beside wharf's own figures."""

from __future__ import annotations

from collections.abc import Iterator

import redis

from ops.doctor.finding import Finding, bad, good, unknown
from ops.doctor.others import REACH_S
from schemas.settings import Settings
from tables.redis import keys
from tables.redis.drift_totals import DriftTotals, totals


def examine_drift(settings: Settings) -> Iterator[Finding]:
    """Whether any source says otherwise than wharf for longer than is tolerated."""
    try:
        yield judge_drift(_stands(settings))
    except redis.RedisError as exc:
        yield unknown("stock drift", f"Redis does not tell: {exc}")


def judge_drift(found: DriftTotals) -> Finding:
    """Exceptions need a person; smaller or younger drifts are only told."""
    saw = f"{found.drifts} drifts, {found.exceptions} beyond their tolerance, {found.unexplained:f} units unexplained"
    if found.exceptions:
        return bad("stock drift", saw, "wharf inventory drift --exceptions says which, and how each is settled")
    return good("stock drift", saw)


def _stands(settings: Settings) -> DriftTotals:
    prefix = f"{settings.environment}:"
    with redis.Redis.from_url(settings.redis, socket_connect_timeout=REACH_S, socket_timeout=REACH_S) as client:
        tenants = [tenant.decode() for tenant in client.smembers(prefix + keys.TENANTS)]
        names = [prefix + name for name in keys.all_drifts(tenants)]
        return totals(value for name in names for _, value in client.hscan_iter(name, count=1_000))
