"""Every answer that is not a success is a problem (RFC 9457), whoever made it: a route, the framework, or a limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

import orjson
from starlette.responses import Response

from schemas.errors import ErrorPage, catalogue

MEDIA_TYPE = "application/problem+json"
CATALOGUE: Mapping[str, ErrorPage] = {code: page for code, page in catalogue().items() if page.status}
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
        return CATALOGUE[self.code].status


def render(problem: Problem, correlation_id: str) -> Response:
    """The problem as an answer."""
    page = CATALOGUE[problem.code]
    body = {
        "type": f"/problems/{problem.code}",
        "title": page.title,
        "status": page.status,
        "code": problem.code,
        "detail": problem.detail or page.title,
        "remedy": page.remedy,
        "correlation_id": correlation_id,
        **problem.extra,
    }
    if problem.errors:
        body["errors"] = list(problem.errors)
    if "Retry-After" in problem.headers:
        body["retry_after"] = int(problem.headers["Retry-After"])
    return Response(orjson.dumps(body), page.status, dict(problem.headers), MEDIA_TYPE)


def of_status(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """The framework's own refusals, in our words."""
    return Problem(_BY_STATUS.get(status, "bad-request" if status < 500 else "internal-error"), headers=headers or {})


def retry_after(code: str, seconds: int, detail: str = "") -> Problem:
    """A problem that may be gone after a while."""
    return Problem(code, detail, headers={"Retry-After": str(seconds)})
