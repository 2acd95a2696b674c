"""Buyers over HTTP: each asks for one unit under a key of its own, and repeats the question until it is decided.

A buyer who is not decided, or meets a gateway that is busy or away, sends the same request again: it is the same hold.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

CHANNEL, SHORT = "web", "insufficient-availability"
PATIENCE_S, PAUSE_S, ANSWER_S = 120.0, 0.25, 30.0
HOLD_S = 3_600  # longer than any run: no unit comes back by itself
AT_ONE_CLIENT = 50  # connections: a pool looks through all of its own for each request
AGAIN = frozenset({429, 502, 503, 504})


@dataclass(slots=True)
class Answer:
    """What one buyer was told in the end."""

    buyer: int
    status: int = 0  # 0: never decided
    body: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0  # from the first question to the decision
    asked: int = 0  # times

    @property
    def won(self) -> bool:
        """Whether the unit is held."""
        return self.status == 201 and self.body["lines"][0]["reserved"] == "1"

    @property
    def refused(self) -> bool:
        """Whether it was said clearly that nothing is held, and what is missing."""
        return (self.status, self.body.get("code")) == (409, SHORT) and self.body["lines"][0]["missing"] == "1"

    @property
    def reservation(self) -> str:
        """The hold's id."""
        return str(self.body.get("reservation", ""))


class Crowd:
    """Connections of many buyers, a few clients of as many connections each."""

    def __init__(self, clients: Sequence[httpx.AsyncClient]) -> None:
        self.clients = clients
        self.answered = 0

    async def rush(self, sku: str, buyers: range) -> list[Answer]:
        """All of them at once; returns when the last has heard or lost patience."""
        self.answered = 0
        return await asyncio.gather(*(self.buy(sku, buyer) for buyer in buyers))

    async def buy(self, sku: str, buyer: int) -> Answer:
        """One buyer's way to a decision."""
        answer, begun = Answer(buyer), time.perf_counter()
        line = {"line": "1", "sku": sku, "quantity": "1"}
        cart = {"channel": CHANNEL, "cart": f"{sku}-{buyer}", "expires_in": HOLD_S, "lines": [line]}
        headers = {"Idempotency-Key": f"{sku}-{buyer}"}
        while time.perf_counter() - begun < PATIENCE_S:
            answer.asked += 1
            told = await self._ask(buyer, "POST", "/v1/reservations", json=cart, headers=headers)
            if told is not None and _decided(told):
                answer.status, answer.body = told.status_code, told.json()
                break
            await asyncio.sleep(PAUSE_S)
        answer.seconds = time.perf_counter() - begun
        self.answered += 1
        return answer

    async def give_back(self, answers: Sequence[Answer]) -> list[str]:
        """Release these holds; returns those that were not released, with the answer."""
        told = await asyncio.gather(*(self._release(one) for one in answers))
        return [problem for problem in told if problem]

    async def _release(self, held: Answer) -> str:
        deadline = time.perf_counter() + PATIENCE_S
        said = "no answer"
        while time.perf_counter() < deadline:
            told = await self._ask(held.buyer, "DELETE", f"/v1/reservations/{held.reservation}")
            if told is not None and told.status_code == 204:
                return ""
            said = f"{told.status_code} {told.text}" if told is not None else "no answer"
            await asyncio.sleep(PAUSE_S)
        return f"{held.reservation}: {said}"

    async def _ask(self, buyer: int, method: str, path: str, **request: Any) -> httpx.Response | None:
        """The answer; None where the gateway was busy or away, or the connection broke."""
        try:
            told = await self.clients[buyer % len(self.clients)].request(method, path, **request)
        except httpx.TransportError:
            return None
        return None if told.status_code in AGAIN else told


def _decided(told: httpx.Response) -> bool:
    """Whether an answer is the last word; 202 is not, nor that the same request is under way."""
    return told.status_code != 202 and told.json().get("code") not in ("request-in-progress", "not-yet-decided")


@asynccontextmanager
async def crowd(gateway: str, key: str, connections: int) -> AsyncIterator[Crowd]:
    """Buyers with at most so many connections together; closed at the end."""
    count = max(1, -(-connections // AT_ONE_CLIENT))
    limits = httpx.Limits(max_connections=-(-connections // count), max_keepalive_connections=AT_ONE_CLIENT)
    timeout = httpx.Timeout(ANSWER_S, pool=PATIENCE_S)
    headers = {"Authorization": f"Bearer {key}"}
    clients = [
        httpx.AsyncClient(base_url=gateway, headers=headers, limits=limits, timeout=timeout, trust_env=False)
        for _ in range(count)
    ]
    try:
        yield Crowd(clients)
    finally:
        for client in clients:
            await client.aclose()
