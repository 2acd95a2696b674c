"""The ERP behind HTTP: bounded in time and size, and never believed without a look.

POST /orders with Idempotency-Key, GET /orders?key=, POST /orders/{document}/cancel.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx

from adapters.erp.port import (
    Absent,
    Ambiguous,
    Cancelled,
    Created,
    Failure,
    Found,
    LookedUp,
    Posted,
    Refused,
    Throttled,
    Unavailable,
    Undone,
)
from schemas.generated.erp_v1 import PostAttempt

CONNECT_S, TIMEOUT_S = 2.0, 10.0
MAX_BODY = 64 * 1024
MAX_NUMBER, MAX_REASON = 64, 200
PATIENCE_S, MAX_PATIENCE_S = 5, 3600  # where Retry-After is missing or absurd
REFUSALS = (400, 409, 422)


class Reply(NamedTuple):
    """A complete answer: its status and what its body says, {} where that is no JSON object."""

    status: int
    headers: Mapping[str, str]
    body: Mapping[str, Any]


class HttpErp:
    """Speaks to one ERP; one connection pool."""

    def __init__(
        self,
        url: str,
        *,
        timeout_s: float = TIMEOUT_S,
        max_connections: int = 64,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._timeout_s = timeout_s
        self._client = httpx.AsyncClient(
            base_url=url,
            timeout=httpx.Timeout(timeout_s, connect=CONNECT_S),
            limits=httpx.Limits(max_connections=max_connections),
            follow_redirects=False,
            trust_env=False,
            transport=transport,
        )

    async def create(self, attempt: PostAttempt) -> Created:
        """Make the order's document under its idempotency key."""
        reply = await self._ask(
            "POST", "/orders", headers={"Idempotency-Key": attempt["idempotency_key"]}, json=_document(attempt)
        )
        if not isinstance(reply, Reply):
            return reply
        if reply.status in (200, 201):
            number = _number(reply.body, attempt)
            return Posted(number) if number else Ambiguous("the answer is not about this order")
        return Refused(_reason(reply)) if reply.status in REFUSALS else _failure(reply)

    async def lookup(self, attempt: PostAttempt) -> LookedUp:
        """Ask for the order's documents: live ones first, then the oldest."""
        reply = await self._ask("GET", "/orders", params={"key": attempt["idempotency_key"]})
        if not isinstance(reply, Reply):
            return reply
        if reply.status != 200 or not isinstance(reply.body.get("orders"), list):
            return _failure(reply)
        rows = [row for row in reply.body["orders"] if isinstance(row, dict)]
        numbers = [_number(row, attempt) for row in rows]
        if not all(numbers) or len(rows) != len(reply.body["orders"]):
            return Ambiguous("the answer is not about this order")
        live = tuple(number for number, row in zip(numbers, rows, strict=True) if row.get("state") != "cancelled")
        return Found(live or tuple(numbers[:1])) if numbers else Absent()

    async def cancel(self, attempt: PostAttempt, number: str) -> Undone:
        """Cancel one document; one that is cancelled already is so."""
        reply = await self._ask("POST", f"/orders/{quote(number, safe='')}/cancel")
        if not isinstance(reply, Reply):
            return reply
        if reply.status == 200:
            return Cancelled() if _number(reply.body, attempt) else Ambiguous("the answer is not about this order")
        if reply.status == 404:
            return Absent()
        return Refused(_reason(reply)) if reply.status in REFUSALS else _failure(reply)

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.aclose()

    async def _ask(self, method: str, path: str, **more: Any) -> Reply | Failure:
        try:
            async with asyncio.timeout(self._timeout_s), self._client.stream(method, path, **more) as answer:
                return Reply(answer.status_code, answer.headers, _object(await _bounded(answer)))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as exc:
            return Unavailable(_short(f"not reached: {exc}"))
        except TimeoutError:
            return Ambiguous(f"no complete answer within {self._timeout_s} s")
        except (httpx.HTTPError, _TooLarge) as exc:
            return Ambiguous(_short(f"{type(exc).__name__}: {exc}"))


class _TooLarge(Exception):
    """An answer that is longer than any answer of an ERP has to be."""


async def _bounded(answer: httpx.Response) -> bytes:
    body = bytearray()
    async for part in answer.aiter_bytes():
        body += part
        if len(body) > MAX_BODY:
            raise _TooLarge(f"more than {MAX_BODY} bytes")
    return bytes(body)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _document(attempt: PostAttempt) -> dict[str, Any]:
    named = ("order_id", "revision", "channel", "number", "customer", "currency")
    lines = [
        {**line, "price": None if line["price"] is None else format(line["price"], "f")} for line in attempt["lines"]
    ]
    return {name: attempt[name] for name in named} | {"lines": lines}  # type: ignore[literal-required]


def _number(row: Mapping[str, Any], attempt: PostAttempt) -> str:
    """The document's number, or "" where the row is about another order or has none."""
    number = row.get("document")
    if row.get("order_id") != attempt["order_id"] or not isinstance(number, str):
        return ""
    return number if number.isprintable() and 0 < len(number) <= MAX_NUMBER else ""


def _failure(reply: Reply) -> Failure:
    """What no rule of the business explains: patience, no entry, or doubt."""
    if reply.status == 429:
        return Throttled(_patience(reply.headers.get("retry-after", "")))
    if reply.status in (401, 403, 404):
        return Unavailable(f"the ERP answered {reply.status}")
    return Ambiguous(f"the ERP answered {reply.status}")


def _patience(text: str) -> int:
    return min(max(int(text), 1), MAX_PATIENCE_S) if text.isascii() and text.isdigit() and len(text) < 9 else PATIENCE_S


def _reason(reply: Reply) -> str:
    reason = reply.body.get("reason")
    return _short(reason) if isinstance(reason, str) and reason else f"the ERP answered {reply.status}"


def _short(text: str) -> str:
    return "".join(one if one.isprintable() else " " for one in text[:MAX_REASON])
