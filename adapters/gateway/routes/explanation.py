"""Why a SKU's number is what it is, by Redis: the terms that add up to it, and the newest events behind them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from adapters.gateway.access import Asking, allow
from adapters.gateway.answering import json_answer, problems
from adapters.gateway.hub import hub_of
from adapters.gateway.models.explanation import ExplanationAnswer
from adapters.gateway.problems import Problem, retry_after
from adapters.gateway.routes.availability import availability, stock
from adapters.gateway.waiting import reading
from tables.redis.explanation_view import explanation

router = APIRouter(tags=["availability"])  # before the SKUs' own route, which takes any path
LAST = b"/explanation"
OLDER = "the value was projected by an older release; from its next change on it has its terms"


@router.get(
    "/v1/availability/{sku:path}/explanation",
    response_model=ExplanationAnswer,
    responses=problems("unknown-sku", "dependency-unavailable"),
)
async def explain(
    request: Request,
    caller: Asking,
    sku: Annotated[str, Path(max_length=128)],
    channel: Annotated[str, Query(max_length=32)] = "",
) -> Response:
    """What makes the number a channel is shown now; without a channel, that of any channel without rules of its own."""
    if not asked_for(request):
        return await availability(request, caller, f"{sku}{LAST.decode()}", channel)
    hub = hub_of(request)
    allow(caller, "availability:read", channel)
    found = (await stock(hub, caller, [sku])).get(sku)
    if found is None:
        raise Problem("unknown-sku", "nothing was ever reported of it")
    why, held = await reading(hub.models.why(caller.tenant, sku)), await reading(hub.models.held(caller.tenant, sku))
    told = explanation(found, why, held, channel, hub.clock())
    if told is None:
        raise retry_after("dependency-unavailable", 60, OLDER)
    return json_answer(told)


def asked_for(request: Request) -> bool:
    """Whether the path ends in /explanation as it was sent: behind an escaped slash it is a part of the SKU."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    return raw.partition(b"?")[0].endswith(LAST)
