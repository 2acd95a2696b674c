"""Examines what is not the broker: Redis, the registry, the gateway, the ERP, this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import httpx
import redis

from ops import running
from ops.doctor.finding import Finding, bad, good, unknown
from schemas.check import findings
from schemas.settings import Settings

REACH_S = 3.0
LEAST_REDIS = (6, 2)


def examine_redis(settings: Settings) -> Iterator[Finding]:
    """Reachable, new enough, and not forgetting what it was given."""
    try:
        with redis.Redis.from_url(settings.redis, socket_connect_timeout=REACH_S, socket_timeout=REACH_S) as client:
            info = client.info()
            policy = client.config_get("maxmemory-policy").get("maxmemory-policy", "")
    except redis.RedisError as exc:
        yield bad("redis", f"{settings.redis}: {exc}", "start it, or set WHARF_REDIS; read models are away until then")
        return
    version = str(info["redis_version"])
    if tuple(int(part) for part in version.split(".")[:2]) < LEAST_REDIS:
        yield bad("redis", f"version {version}", "use Redis 6.2 or later")
    elif policy not in ("noeviction", ""):
        yield bad(
            "redis maxmemory-policy", policy, "set it to noeviction: an evicted read model looks like an unknown SKU"
        )
    else:
        yield good("redis", f"version {version} at {settings.redis}")


def examine_http(settings: Settings) -> Iterator[Finding]:
    """Gateway, ERP and registry, as far as they are known here."""
    here = running.find(settings.state_dir)
    gateway = here.gateway if here else f"http://{settings.gateway}"
    yield _answers("gateway", f"{gateway}/readyz", "start it with `wharf up` or `wharf gateway`")
    yield _answers("erp", settings.erp_url, "orders are accepted and wait for it; set WHARF_ERP_URL")
    if settings.schema_registry:
        yield _answers("schema registry", f"{settings.schema_registry}/subjects", "set WHARF_SCHEMA_REGISTRY")


def examine_machine(settings: Settings) -> Iterator[Finding]:
    """Python, the state folder, the contract."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield good("python", version) if sys.version_info >= (3, 11) else bad("python", version, "use Python 3.11 or later")
    folder = settings.state_dir.absolute()
    place = folder if folder.exists() else folder.parent
    if os.access(place, os.W_OK):
        yield good("state folder", str(folder))
    else:
        yield bad("state folder", f"{folder} cannot be written", "set WHARF_STATE_DIR")
    wrong = findings()
    yield bad("contract", wrong[0], "run `wharf schemas check`") if wrong else good("contract", "sound and fresh")
    if not settings.master_key.get_secret_value():
        yield unknown("master key", "not set here; the webhook door needs WHARF_MASTER_KEY")


def _answers(subject: str, url: str, remedy: str) -> Finding:
    try:
        answer = httpx.get(url, timeout=REACH_S)
    except httpx.HTTPError as exc:
        return bad(subject, f"{url}: {exc}", remedy)
    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        return bad(subject, f"{url} answers {answer.status_code}: {answer.text[:200]}", "see its log")
    return good(subject, f"answers at {url}")
