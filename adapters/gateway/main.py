"""Puts the gateway together: the app over a hub, and the process that serves it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.responses import Response

from adapters.gateway.answering import components
from adapters.gateway.follower import KEYS, SUBSCRIPTIONS, Follower
from adapters.gateway.hub import Hub
from adapters.gateway.limits import Limits
from adapters.gateway.pages import LogPages
from adapters.gateway.problems import Problem, of_status, render
from adapters.gateway.routes import (
    availability,
    documents,
    drift,
    explanation,
    feed,
    operations,
    order_reading,
    orders,
    positions,
    reference,
    registry,
    reservations,
    subscriptions,
)
from adapters.gateway.shell import Shell
from schemas.settings import Settings
from streams.engine.client import Outbox
from tables.redis.reader import read_models

ROUTES = (
    orders,
    order_reading,
    reservations,
    documents,
    reference,
    explanation,
    availability,
    feed,
    subscriptions,
    operations,
    drift,
    positions,
    registry,
)
CONNECTIONS = 1_000
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(hub: Hub, lifespan: Lifespan | None = None) -> FastAPI:
    """The gateway over these dependencies; nothing connects before the first request."""
    app = FastAPI(
        title="wharf", version="1", openapi_url="/v1/openapi.json", docs_url=None, redoc_url=None, lifespan=lifespan
    )
    app.state.hub = hub
    for module in ROUTES:
        app.include_router(module.router)
    app.add_exception_handler(Problem, _told)
    app.add_exception_handler(HTTPException, _told)
    app.add_exception_handler(RequestValidationError, _told)
    app.add_middleware(Limits)
    app.add_middleware(Shell, metrics=hub.metrics)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def run(settings: Settings) -> None:
    """Serve until SIGTERM: `wharf gateway`."""
    host, _, port = settings.gateway.rpartition(":")
    uvicorn.run(
        create_app(_hub(settings), _living),
        host=host,
        port=int(port),
        loop="uvloop",
        http="httptools",
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=8,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,  # the process has set its logs up: JSON lines
        log_level=settings.log_level,
    )


def now() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def _hub(settings: Settings) -> Hub:
    log, pages, models = Outbox(settings, "gateway"), LogPages(settings), read_models(settings)
    return Hub(settings=settings, log=log, models=models, pages=pages, clock=now)


@asynccontextmanager
async def _living(app: FastAPI) -> AsyncIterator[None]:
    hub: Hub = app.state.hub
    follower = Follower(hub.settings, {KEYS: hub.key_told, SUBSCRIPTIONS: hub.subscription_told})
    hub.informed = follower.informed
    follower.start()
    yield
    follower.stop()
    await hub.close()


async def _told(request: Request, error: Exception) -> Response:
    """Problems and the framework's own refusals, all in one shape."""
    correlation = request.state.correlation
    if isinstance(error, Problem):
        return render(error, correlation)
    if isinstance(error, RequestValidationError):
        return render(_of_validation(error), correlation)
    status = error.status_code if isinstance(error, HTTPException) else 500
    return render(of_status(status, getattr(error, "headers", None)), correlation)


def _of_validation(error: RequestValidationError) -> Problem:
    """A path that has not the form of an id names nothing; a query parameter is told by its name."""
    found = error.errors()
    if any(one["loc"][0] == "path" for one in found):
        return Problem("not-found")
    told = [{"pointer": f"?{one['loc'][-1]}", "code": one["type"], "message": one["msg"]} for one in found]
    return Problem("validation-failed", errors=told)  # type: ignore[arg-type]


def _openapi(app: FastAPI) -> dict[str, Any]:
    if not app.openapi_schema:
        described = get_openapi(title=app.title, version=app.version, routes=app.routes, openapi_version="3.1.0")
        app.openapi_schema = components(described)
    return app.openapi_schema
