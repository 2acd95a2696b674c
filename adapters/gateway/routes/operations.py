"""Health, metrics and the pages of problems."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from adapters.gateway.answering import json_answer
from adapters.gateway.hub import hub_of
from adapters.gateway.problems import Problem
from schemas.errors import catalogue
from tables.redis.away import ReadModelsAway

router = APIRouter(tags=["operations"], include_in_schema=False)


@router.get("/healthz")
async def healthz() -> Response:
    """The process answers."""
    return json_answer({"status": "ok"})


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """Whether requests can be served: keys are known. Without Redis orders are still taken, so that is told, not failed."""
    hub = hub_of(request)
    informed = hub.informed()
    try:
        await hub.models.ready()
        redis = "up"
    except ReadModelsAway:
        redis = "away"
    body = {"status": "ready" if informed else "starting", "keys": informed, "redis": redis}
    return Response(orjson.dumps(body), 200 if informed else 503, media_type="application/json")


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Prometheus metrics of this process, and how many drifts stand."""
    hub = hub_of(request)
    if hub.metrics.drifts_are_due(hub.clock()):
        try:
            hub.metrics.drifting(await hub.models.drift_totals())
        except ReadModelsAway:
            hub.metrics.drifting(None)
    return Response(hub.metrics.text(), media_type=CONTENT_TYPE_LATEST)


@router.get("/problems/{code}")
async def problem(code: str) -> Response:
    """What a code means and what to do, of problems and of everything else that a sender can meet."""
    page = catalogue().get(code)
    if page is None:
        raise Problem("not-found")
    return json_answer(page.told())
