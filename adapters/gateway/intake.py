"""Taking a document: what was received goes into the log as it is, and only then the sender hears 202."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from adapters.gateway.hub import Hub, hub_of
from adapters.gateway.idempotency import alone, claim, request_key
from adapters.gateway.keys import Caller
from adapters.gateway.problems import retry_after
from schemas.envelope import derived_id
from schemas.generated.channel_v1 import document
from schemas.identity import receipt_id
from streams.engine.client import LogUnavailable
from tables.redis.away import ReadModelsAway
from tables.redis.fingerprint import same_content


@dataclass(frozen=True, slots=True)
class Arrival:
    """A document and how it came."""

    caller: Caller
    resource: str
    channel: str
    body: bytes
    media_type: str
    key: str = ""  # of the record; empty = the sender
    target: str = ""
    file_name: str = ""
    before: tuple[tuple[str, str, Mapping[str, Any]], ...] = field(default=())  # records that have to stand before it


async def take(
    request: Request, arrival: Arrival, answer: Mapping[str, Any] | None = None, location: str = ""
) -> Response:
    """Store the document and answer 202 with its receipt; raises what `store` raises."""
    receipt, replayed = await store(request, arrival)
    return accepted({**(answer or {}), "receipt": receipt}, replayed, location)


async def store(request: Request, arrival: Arrival) -> tuple[str, bool]:
    """Store the document; its receipt, and whether the same request had come before.

    raises Problem log-unavailable, request-in-progress, idempotency-key-reused
    """
    hub, key = hub_of(request), request_key(request)
    route = f"{request.method} {request.url.path}"
    content = same_content(arrival.media_type, arrival.body)
    receipt = receipt_id(arrival.caller.tenant, route, key or str(uuid.uuid4()), content)
    replayed = False
    if key:
        with alone(hub, arrival.caller.tenant, route, key):
            replayed = await claim(hub, arrival.caller.tenant, route, key, hashlib.sha256(content).hexdigest())
            if not (replayed and await _stands(hub, arrival.caller.tenant, receipt)):
                await _store(hub, request, arrival, receipt, route, key)
    else:
        await _store(hub, request, arrival, receipt, route, key)
    return receipt, replayed


def accepted(body: Mapping[str, Any], replayed: bool = False, location: str = "") -> Response:
    """202 with this body."""
    headers = {"Location": location} if location else {}
    headers |= {"Idempotent-Replayed": "true"} if replayed else {}
    return Response(orjson.dumps(body), 202, headers, "application/json")


async def _stands(hub: Hub, tenant: str, receipt: str) -> bool:
    """Whether the log is known to hold the document: between taking the key and producing, the gateway may have died."""
    try:
        return await hub.models.receipt(tenant, receipt) is not None
    except ReadModelsAway:
        return False


async def _store(hub: Hub, request: Request, arrival: Arrival, receipt: str, route: str, key: str) -> None:
    for index, (kind, record_key, record) in enumerate(arrival.before):
        await publish(request, arrival, receipt, index, kind, record_key, record)
    received = document(
        receipt=receipt,
        channel=arrival.channel,
        sender=arrival.caller.name,
        resource=arrival.resource,
        target=arrival.target,
        media_type=arrival.media_type,
        file_name=arrival.file_name,
        body=arrival.body,
        sha256=hashlib.sha256(arrival.body).hexdigest(),
        request_key=key,
        route=route,
        received_at=hub.clock(),
    )
    own = arrival.key or arrival.caller.name
    await publish(request, arrival, receipt, 0, "channel.document", own, received)


async def publish(
    request: Request, arrival: Arrival, receipt: str, index: int, kind: str, key: str, record: Mapping[str, Any]
) -> None:
    """Say one thing to the log; it is stored when this returns, and the same if it is sent again. raises Problem log-unavailable"""
    state = request.state
    send = hub_of(request).log.send(
        kind, key, record, tenant=arrival.caller.tenant, channel=arrival.channel, correlation=state.correlation,
        receipt=receipt if kind == "channel.document" else "", traceparent=state.traceparent,
        id=derived_id(receipt, "gateway", kind, index),
    )  # fmt: skip
    try:
        await send
    except LogUnavailable as error:
        raise retry_after("log-unavailable", 2, "nothing was promised: send it again, under the same key") from error
