"""The gateway as the command line sees it: answers are JSON, refusals and outages have their exit codes."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from ops import running
from ops.exits import Exit, Failed
from schemas.settings import settings

PATIENCE_S = 60.0
TIMEOUT_S = 15.0
AGAIN = frozenset({429, 502, 503, 504})  # not now: the same request later
LATER = frozenset({409, *AGAIN})


class Refused(Failed):
    """The gateway answered with a problem; carries it as received (RFC 9457)."""

    def __init__(self, status: int, problem: Any) -> None:
        detail = problem.get("detail") or problem.get("title") if isinstance(problem, dict) else problem
        super().__init__(Exit.TRY_AGAIN if status in LATER else Exit.BAD_DATA, f"{status}: {detail}")
        self.status, self.problem = status, problem


class Gateway:
    """A connection to one gateway under one key."""

    def __init__(self, url: str, key: str, *, patience_s: float = PATIENCE_S) -> None:
        self.url, self.key, self.patience_s = url, key, patience_s
        self._http = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=TIMEOUT_S)

    def get(self, path: str, **params: str) -> Any:
        """GET; raises Refused, httpx.TransportError."""
        return self._ask("GET", path, params={name: value for name, value in params.items() if value})

    def put(self, path: str, body: Any) -> Any:
        """PUT JSON; raises Refused, httpx.TransportError."""
        return self._ask("PUT", path, json=body)

    def post(self, path: str, body: bytes, media_type: str, key: str = "", **params: str) -> Any:
        """POST a body as it is, under an Idempotency-Key where one is given; raises Refused, httpx.TransportError."""
        headers = {"Content-Type": media_type, **({"Idempotency-Key": f'"{key}"'} if key else {})}
        return self._ask("POST", path, content=body, headers=headers, params=params)

    def _ask(self, method: str, path: str, **request: Any) -> Any:
        """Ask until it is answered: every request of ours may be repeated."""
        deadline = time.monotonic() + self.patience_s
        while True:
            answer = self._http.request(method, path, **request)
            if answer.status_code not in AGAIN or time.monotonic() > deadline:
                return _read(answer)
            time.sleep(min(_pause_s(answer.headers), max(0.0, deadline - time.monotonic())))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()


def gateway(url: str = "", key: str = "") -> Gateway:
    """The gateway that was named, by option, by WHARF_URL and WHARF_API_KEY, or else the one that runs here."""
    here = running.find(settings().state_dir)
    url = url or os.environ.get("WHARF_URL", "") or (here.gateway if here else "")
    key = key or os.environ.get("WHARF_API_KEY", "") or (here.keys.get("admin", "") if here else "")
    if not url:
        raise Failed(
            Exit.UNAVAILABLE, "no gateway is known: start one with `wharf up`, or set WHARF_URL and WHARF_API_KEY"
        )
    return Gateway(url, key)


def _read(answer: httpx.Response) -> Any:
    said = answer.json() if "json" in answer.headers.get("Content-Type", "") else answer.text
    if not answer.is_success:
        raise Refused(answer.status_code, said)
    return said


def _pause_s(headers: Mapping[str, str]) -> float:
    given = headers.get("Retry-After", "")
    return float(given) if given.isdigit() else 0.25
