"""What wharf holds of positions, for those who report them: a source can tell what has to be said again."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import Field

from adapters.gateway.access import Asking, allow
from adapters.gateway.answering import BODIES, json_answer, problems, takes
from adapters.gateway.bodies import fits, json_body
from adapters.gateway.hub import hub_of
from adapters.gateway.models.answers import PositionsAnswer
from adapters.gateway.models.parts import Channel, Closed, Code
from adapters.gateway.routes.availability import MAX_SKUS, stock
from tables.redis.availability_view import held

router = APIRouter(tags=["inventory"])


class AskPositions(Closed):
    """The body of POST /v1/inventory/positions/query."""

    source: Channel
    skus: list[Code] = Field(min_length=1, max_length=MAX_SKUS)


@router.post(
    "/v1/inventory/positions/query",
    response_model=PositionsAnswer,
    responses=problems("dependency-unavailable", *BODIES),
    openapi_extra=takes(AskPositions),
)
async def query(request: Request, caller: Asking) -> Response:
    """On hand of up to 500 SKUs by location, for a source that may report stock; unknown SKUs are named.

    A location's `as_of` is that of the newest report that changed it; `stale` says that newer ones may be missing here.
    """
    _, value = await json_body(request)
    asked, hub = fits(AskPositions, value), hub_of(request)
    allow(caller, "inventory:write", asked.source)
    skus = list(dict.fromkeys(asked.skus))
    found = await stock(hub, caller, skus)
    items = [held(found[sku], hub.clock()) for sku in skus if sku in found]
    return json_answer({"items": items, "missing": [sku for sku in skus if sku not in found]})
