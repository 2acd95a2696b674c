"""What the demo's parts talk to, in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ops.demo.client import Channel

Request = tuple[str, str, Any, str]  # method, path, body, key
Answer = Callable[[Request], Any]


class FakeChannel(Channel):
    """A gateway that says yes, and remembers what it was asked."""

    def __init__(self, answer: Answer = lambda request: {}) -> None:
        self.asked: list[Request] = []
        self.under_way = self.most_under_way = 0
        self._answer = answer

    async def post(self, path: str, body: Any, key: str = "") -> Any:
        return self._take("POST", path, body, key)

    async def put(self, path: str, body: Any) -> Any:
        return self._take("PUT", path, body, "")

    async def document(self, path: str, body: bytes, media_type: str, key: str) -> Any:
        return self._take("POST", path, body, key)

    async def get(self, path: str, **params: str) -> Any:
        return self._take("GET", path, params, "")

    def _take(self, *request: Any) -> Any:
        self.asked.append(request)
        return self._answer(request)

    def paths(self, method: str) -> list[str]:
        """Paths that were asked with a method, in order."""
        return [path for each, path, _, _ in self.asked if each == method]


def orders(request: Request) -> Any:
    """Answers of a gateway that takes orders: the id is the number's."""
    match request:
        case ("POST", "/v1/orders", body, _):
            return {"order_id": f"id-{body['number']}", "receipt": "r"}
    return {"receipt": "r"}
