"""What every answer has, whoever made it: a correlation id, security headers, a measured time, a problem for each failure."""

from __future__ import annotations

import re
import time
import uuid

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.gateway.metrics import Metrics
from adapters.gateway.problems import Problem, render

log = structlog.get_logger("wharf.gateway")
CORRELATION = "X-Correlation-Id"
_GIVEN = re.compile(r"[A-Za-z0-9._:-]{1,128}", re.ASCII)
_TRACE = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII)
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Shell:
    """The outermost ASGI middleware."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; a failure of ours is logged and told without its inside."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        correlation = correlation_of(scope)
        scope.setdefault("state", {}).update(
            correlation=correlation, traceparent=_header(scope, b"traceparent", _TRACE)
        )
        begun, status = time.perf_counter(), 0

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _dress(message, correlation)
            await send(message)

        try:
            await self.app(scope, receive, dressed)
        except Problem as problem:
            await render(problem, correlation)(scope, receive, dressed)
        except Exception:  # whatever it is, the client gets a problem and the log gets the reason
            log.exception("gateway.failed", correlation=correlation)
            if status:
                raise  # the answer has begun: the server closes the connection
            await render(Problem("internal-error"), correlation)(scope, receive, dressed)
        finally:
            self.metrics.observed(scope, status, time.perf_counter() - begun)


def correlation_of(scope: Scope) -> str:
    """The sender's correlation id where it is usable, else a new one."""
    return _header(scope, b"x-correlation-id", _GIVEN) or str(uuid.uuid4())


def _header(scope: Scope, wanted: bytes, form: re.Pattern[str]) -> str:
    for name, value in scope["headers"]:
        text = value.decode("latin-1")
        if name == wanted and form.fullmatch(text):
            return str(text)
    return ""


def _dress(message: Message, correlation: str) -> None:
    headers = MutableHeaders(scope=message)
    headers[CORRELATION] = correlation
    for name, value in SECURITY.items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-store")
