"""Idempotency-Key: the same key with the same content is answered the same, with other content refused.

The answer itself is a pure function of the request, so only a fingerprint is kept, in Redis, set before anything is
produced. Where Redis is away the check is skipped, and the business key decides.
Source: draft-ietf-httpapi-idempotency-key-header-07 (a draft, expired), reference/domain/status-delivery.md §8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import Request

from adapters.gateway.hub import Hub
from adapters.gateway.problems import Problem, retry_after
from tables.redis.away import ReadModelsAway

HEADER = "Idempotency-Key"
_FORM = re.compile(r'"([\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x5b\x5d-\x7e]{1,255})')  # quoted, or bare


def request_key(request: Request) -> str:
    """The request's key, empty where none was sent; raises Problem idempotency-key-invalid."""
    given = request.headers.getlist(HEADER)
    if not given:
        return ""
    found = _FORM.fullmatch(given[0].strip())
    if len(given) > 1 or not found:
        raise Problem("idempotency-key-invalid", "send one key of 1 to 255 visible characters, quoted or bare")
    return str(found[1] or found[2])


@contextmanager
def alone(hub: Hub, tenant: str, route: str, key: str) -> Iterator[None]:
    """While one request with this key is being answered here, another is told to come back."""
    mine = (tenant, route, key)
    if mine in hub.in_flight:
        raise retry_after("request-in-progress", 1)
    hub.in_flight.add(mine)
    try:
        yield
    finally:
        hub.in_flight.discard(mine)


async def claim(hub: Hub, tenant: str, route: str, key: str, fingerprint: str) -> bool:
    """Take the key for this content; returns whether the same content had taken it before.

    raises Problem idempotency-key-reused where other content had
    """
    try:
        stands = await hub.models.claim_request(tenant, route, key, fingerprint)
    except ReadModelsAway:
        hub.metrics.skipped.inc()
        return False
    if stands is not None and stands != fingerprint:
        raise Problem("idempotency-key-reused", "this key was used for a request with other content")
    return stands is not None
