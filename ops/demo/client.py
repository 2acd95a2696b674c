"""A channel's HTTP client: it repeats a request under its key until somebody answered, as a careful buyer would.

The ledger is written before each request leaves, so that a crash of the demo loses no evidence.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx

PATIENCE_S = 120.0
RETRY_S = 0.25
TRY_AGAIN = frozenset({409, 429, 502, 503, 504})


class Refused(Exception):
    """The gateway answered that it will not take this; carries the problem."""

    def __init__(self, status: int, problem: Any) -> None:
        super().__init__(f"{status}: {problem}")
        self.status, self.problem = status, problem


class Channel:
    """One buyer's connection to the gateway, with its own ledger of what it sent and what was answered."""

    def __init__(self, gateway: str, key: str, ledger: Path) -> None:
        ledger.parent.mkdir(parents=True, exist_ok=True)
        headers = {"Authorization": f"Bearer {key}"}
        self._http = httpx.AsyncClient(base_url=gateway, headers=headers, timeout=10, trust_env=False)  # no proxy
        self._ledger = ledger.open("a", encoding="utf-8")
        self.retries = 0

    async def post(self, path: str, body: Any, key: str = "") -> Any:
        """POST JSON until it is answered; raises Refused, TimeoutError."""
        content = json.dumps(body, separators=(",", ":")).encode()
        return await self._send("POST", path, content, "application/json", key)

    async def put(self, path: str, body: Any) -> Any:
        """PUT JSON until it is answered; raises Refused, TimeoutError."""
        return await self._send("PUT", path, json.dumps(body).encode(), "application/json", "")

    async def document(self, path: str, body: bytes, media_type: str, key: str) -> Any:
        """POST a document as it is; raises Refused, TimeoutError."""
        return await self._send("POST", path, body, media_type, key)

    async def get(self, path: str, **params: str) -> Any:
        """GET until it is answered; raises Refused, TimeoutError."""
        return await self._send("GET", path, b"", "", "", params)

    async def _send(
        self, method: str, path: str, body: bytes, media_type: str, key: str, params: dict[str, str] | None = None
    ) -> Any:
        headers = {"Content-Type": media_type} if media_type else {}
        headers |= {"Idempotency-Key": f'"{key}"'} if key else {}
        self._note(outcome="sent", method=method, path=path, key=key)
        async with asyncio.timeout(PATIENCE_S):
            while True:
                answer = await self._once(method, path, content=body, headers=headers, params=params)
                if answer is not None:
                    return self._read(answer, path, key)
                self.retries += 1
                self._note(outcome="info", method=method, path=path, key=key)
                await asyncio.sleep(RETRY_S)

    async def _once(self, method: str, path: str, **request: Any) -> httpx.Response | None:
        try:
            answer = await self._http.request(method, path, **request)
        except httpx.TransportError:
            return None  # may or may not have happened: the same request again, under the same key
        return None if answer.status_code in TRY_AGAIN else answer

    def _read(self, answer: httpx.Response, path: str, key: str) -> Any:
        said = answer.json() if answer.content else None
        if not answer.is_success:
            self._note(outcome="fail", path=path, key=key, status=answer.status_code, answer=said)
            raise Refused(answer.status_code, said)
        if key:
            self._note(outcome="ok", path=path, key=key, answer=said)
        return said

    def _note(self, **entry: Any) -> None:
        if entry.get("method") == "GET":
            return
        self._ledger.write(json.dumps(entry) + "\n")
        self._ledger.flush()

    async def close(self) -> None:
        """Close the connection and the ledger."""
        await self._http.aclose()
        self._ledger.close()
