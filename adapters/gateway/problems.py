"""Every answer that is not a success is a problem (RFC 9457), whoever made it: a route, the framework, or a limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

import orjson
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
# code: status, title. The codes are stable; a client may decide on them.
CATALOGUE: Mapping[str, tuple[int, str]] = {
    "malformed-body": (400, "The body cannot be read"),
    "bad-request": (400, "The request cannot be read"),
    "idempotency-key-required": (400, "This operation needs an Idempotency-Key"),
    "idempotency-key-invalid": (400, "The Idempotency-Key cannot be used"),
    "unauthenticated": (401, "A valid API key is needed"),
    "forbidden": (403, "The API key does not allow this"),
    "not-found": (404, "There is no such thing"),
    "unknown-sku": (404, "There is no such SKU"),
    "method-not-allowed": (405, "The method is not allowed here"),
    "request-timeout": (408, "The body did not arrive in time"),
    "not-yet-decided": (409, "The receipt is not decided yet"),
    "request-in-progress": (409, "A request with this key is being answered"),
    "order-not-resolvable": (409, "The order cannot be read again"),
    "cursor-expired": (410, "The entries after this cursor are no longer kept"),
    "payload-too-large": (413, "The body is too large"),
    "url-too-long": (414, "The URL is too long"),
    "unsupported-media-type": (415, "The media type or encoding is not accepted here"),
    "validation-failed": (422, "The content is not valid"),
    "idempotency-key-reused": (422, "The Idempotency-Key was used for another request"),
    "rate-limited": (429, "Too many requests"),
    "headers-too-large": (431, "The headers are too large"),
    "internal-error": (500, "Something went wrong here"),
    "dependency-unavailable": (503, "A part that this answer needs is away"),
    "log-unavailable": (503, "The log cannot take it now; nothing is promised"),
}
_BY_STATUS = {400: "bad-request", 404: "not-found", 405: "method-not-allowed", 415: "unsupported-media-type"}


class FieldError(TypedDict):
    """One thing that is wrong, with its place as an RFC 6901 pointer."""

    pointer: str
    code: str
    message: str


@dataclass
class Problem(Exception):
    """Raised by whoever finds that a request cannot be served."""

    code: str
    detail: str = ""
    errors: Sequence[FieldError] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """HTTP status of the code."""
        return CATALOGUE[self.code][0]


def render(problem: Problem, correlation_id: str) -> Response:
    """The problem as an answer."""
    status, title = CATALOGUE[problem.code]
    body = {
        "type": f"/problems/{problem.code}",
        "title": title,
        "status": status,
        "code": problem.code,
        "detail": problem.detail or title,
        "correlation_id": correlation_id,
        **problem.extra,
    }
    if problem.errors:
        body["errors"] = list(problem.errors)
    if "Retry-After" in problem.headers:
        body["retry_after"] = int(problem.headers["Retry-After"])
    return Response(orjson.dumps(body), status, dict(problem.headers), MEDIA_TYPE)


def of_status(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """The framework's own refusals, in our words."""
    return Problem(_BY_STATUS.get(status, "bad-request" if status < 500 else "internal-error"), headers=headers or {})


def retry_after(code: str, seconds: int, detail: str = "") -> Problem:
    """A problem that may be gone after a while."""
    return Problem(code, detail, headers={"Retry-After": str(seconds)})
