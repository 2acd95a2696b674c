"""A webhooks' receiver for virtual time: it believes a signature of the story's minute, as the real one does of today's."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from standardwebhooks.webhooks import Webhook

from adapters.subscribers.outcome import Outcome
from adapters.subscribers.target import Target
from tests.stories.places.place import Json

TOLERATED_S = 300


class Endpoint:
    """Takes the place of the network and of who listens behind it."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms, self._secrets, self._taken = now_ms, dict[str, str](), defaultdict[str, list[Json]](list)

    def hook(self, name: str) -> str:
        """URL of a subscription's endpoint."""
        return f"http://subscriber.test/hooks/{name}"

    def told(self, name: str, secret: str) -> None:
        """Its owner was told the secret."""
        self._secrets[name] = secret

    def taken(self, name: str) -> list[Json]:
        """What it believed."""
        return self._taken[name]

    async def post(self, target: Target, headers: Mapping[str, str], body: bytes) -> Outcome:
        """One webhook."""
        name = target.url.rpartition("/")[2]
        if not self._believes(name, headers, body):
            return Outcome("failed", 401)
        self._taken[name].append({**json.loads(body), "webhook_id": headers["webhook-id"]})
        return Outcome("delivered", 204)

    def _believes(self, name: str, headers: Mapping[str, str], body: bytes) -> bool:
        at = int(headers["webhook-timestamp"])
        if name not in self._secrets or abs(at - self._now_ms() // 1000) > TOLERATED_S:
            return False
        expected = Webhook(self._secrets[name]).sign(
            headers["webhook-id"], datetime.fromtimestamp(at, UTC), body.decode()
        )
        return expected in headers["webhook-signature"].split()
