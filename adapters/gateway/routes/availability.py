"""Availability from Redis: quantity, version, age, and a plain word when it is stale or cannot be told."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from adapters.gateway.access import Asking, allow
from adapters.gateway.answering import BODIES, json_answer, problems, takes
from adapters.gateway.bodies import fits, json_body
from adapters.gateway.hub import Hub, hub_of
from adapters.gateway.keys import Caller
from adapters.gateway.models.answers import AvailabilitiesAnswer, AvailabilityAnswer
from adapters.gateway.models.parts import Channel, Closed, Code, Day
from adapters.gateway.problems import Problem
from adapters.gateway.waiting import away, reading
from schemas.envelope import millis
from tables.redis.availability_view import Stock, answer

router = APIRouter(tags=["availability"])
MAX_SKUS = 500


class AskAvailability(Closed):
    """The body of POST /v1/availability/query."""

    channel: Channel = ""
    location: Code | None = None
    date: Day | None = None
    skus: list[Code] = Field(min_length=1, max_length=MAX_SKUS)


@router.post(
    "/v1/availability/query",
    response_model=AvailabilitiesAnswer,
    responses=problems("dependency-unavailable", *BODIES),
    openapi_extra=takes(AskAvailability),
)
async def query(request: Request, caller: Asking) -> Response:
    """Availability of up to 500 SKUs at once; unknown ones are named."""
    _, value = await json_body(request)
    asked, hub = fits(AskAvailability, value), hub_of(request)
    allow(caller, "availability:read", asked.channel)
    skus = list(dict.fromkeys(asked.skus))
    found = await stock(hub, caller, skus)
    terms = (asked.channel, asked.location or "", hub.clock(), until(asked.date))
    items = [answer(found[sku], *terms) for sku in skus if sku in found]
    return json_answer({"items": items, "missing": [sku for sku in skus if sku not in found]})


@router.get(
    "/v1/availability/{sku:path}",
    response_model=AvailabilityAnswer,
    responses={**problems("unknown-sku", "dependency-unavailable"), 304: {"description": "not changed"}},
)
async def availability(
    request: Request,
    caller: Asking,
    sku: Annotated[str, Path(max_length=128)],
    channel: Annotated[str, Query(max_length=32)] = "",
    location: Annotated[str, Query(max_length=128)] = "",
    date: Annotated[Day | None, Query()] = None,
) -> Response:
    """What a channel may promise of a SKU; without a channel, what any channel without rules of its own may.

    With a date, what it may promise for that day (UTC), with supply that is announced to come by its end.
    """
    hub = hub_of(request)
    allow(caller, "availability:read", channel)
    found = (await stock(hub, caller, [sku])).get(sku)
    if found is None:
        raise Problem("unknown-sku", "nothing was ever reported of it")
    headers = {"ETag": f'"{found.version}"', "Cache-Control": "private, no-cache", "Vary": "Authorization"}
    if unchanged(request.headers.get("if-none-match", ""), found.version):
        return Response(status_code=304, headers=headers)
    return json_answer(answer(found, channel, location, hub.clock(), until(date)), headers)


def until(date: str | None) -> int | None:
    """The last instant of a day, UTC, ms."""
    return None if date is None else millis(f"{date}T23:59:59.999Z")


async def stock(hub: Hub, caller: Caller, skus: list[str]) -> dict[str, Stock]:
    """What Redis holds; a Redis that is still being filled says nothing of what it lacks. raises dependency-unavailable"""
    found = await reading(hub.models.availability(caller.tenant, skus))
    if len(found) < len(skus) and not await reading(hub.models.whole()):
        raise away()
    return found


def unchanged(header: str, version: int) -> bool:
    """Whether If-None-Match names this version (RFC 9110 §13.1.2: compared weakly)."""
    tags = (tag.strip().removeprefix("W/") for tag in header.split(","))
    return any(tag in ("*", f'"{version}"') for tag in tags)
