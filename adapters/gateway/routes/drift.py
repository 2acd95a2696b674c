"""What other sources say of stock otherwise than wharf, by Redis: how much, since when, and what explains it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from adapters.gateway.access import Asking
from adapters.gateway.answering import json_answer, problems
from adapters.gateway.hub import hub_of
from adapters.gateway.keys import Caller
from adapters.gateway.models.drift import DriftsAnswer
from adapters.gateway.problems import Problem
from adapters.gateway.waiting import away, reading
from tables.redis.drift_view import Wanted, aged

router = APIRouter(tags=["inventory"])
READ = ("inventory:read", "inventory:write")
MOST = 1_000
Text = Annotated[str, Query(max_length=128)]


@router.get("/v1/inventory/drift", response_model=DriftsAnswer, responses=problems("dependency-unavailable"))
async def drift(
    request: Request,
    caller: Asking,
    sku: Text = "",
    location: Text = "",
    source: Text = "",
    exceptions: bool = False,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> Response:
    """Drifts that stand now; `exceptions=true` for those only that outlasted their tolerance.

    `ops:read` sees all; a source sees its own (`inventory:write@erp&source=erp`).
    """
    _allow(caller, source)
    hub = hub_of(request)
    found = await reading(hub.models.drifts(caller.tenant, Wanted(sku, location, source, exceptions)))
    if not found and not await reading(hub.models.whole()):
        raise away()
    return json_answer({"items": aged(found, hub.clock())[:limit], "known": len(found)})


def _allow(caller: Caller, source: str) -> None:
    if not caller.may("ops:read") and not any(caller.may(action, source) for action in READ):
        raise Problem("forbidden", f"needs the scope ops:read, or {READ[0]}@SOURCE and its source")
