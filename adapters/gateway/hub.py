"""What the routes work with: the log, the read models, who may ask, the clock. Put together in one place, `main`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.requests import Request

from adapters.gateway.keys import KeyRing
from adapters.gateway.metrics import Metrics
from schemas.generated.channel_v1 import Document
from schemas.generated.feeds_v1 import FeedEntry
from schemas.generated.reference_v1 import ApiKey, Subscription
from schemas.settings import Settings
from tables.redis.reader import ReadModels
from tables.redis.view_index import Place

Clock = Callable[[], int]  # ms since the epoch


class Log(Protocol):
    """Says something to the log: streams.engine.client.Outbox."""

    async def send(
        self,
        type: str,
        key: str,
        record: Mapping[str, Any],
        *,
        tenant: str,
        channel: str = "",
        correlation: str = "",
        receipt: str = "",
        id: str | None = None,
        traceparent: str = "",
    ) -> str:
        """Publish one record, acknowledged by all replicas; raises LogUnavailable."""

    async def close(self) -> None:
        """Wait for what is on its way."""


class Pages(Protocol):
    """Reads single records and ranges of the log by their place."""

    async def entries(self, tenant: str, view: str, start: Place, after: int, limit: int) -> Sequence[FeedEntry]:
        """Entries of a view `channel/name` behind `after`, from a place at or before it; raises Expired, LogUnavailable."""

    async def document(self, partition: int, offset: int) -> Document | None:
        """The document at this place of channel.documents; None where it is no longer kept."""

    async def earliest(self, places: Sequence[Place]) -> int:
        """Number of the earliest of these entries that is still kept."""

    def close(self) -> None:
        """Let the connections go."""


class Expired(Exception):
    """The log no longer holds what stood at this place."""


@dataclass(slots=True)
class Patience:
    """How long the gateway waits for others, seconds."""

    body_s: float = 30.0  # for a whole request body
    appear_s: float = 2.0  # for what was just accepted to be projected
    decide_s: float = 5.0  # for what is answered with its decision
    poll_s: float = 0.02
    share_s: float = (
        0.001  # of looks that each who waits leaves to the others: together they look a thousand times a second
    )
    heartbeat_s: float = 15.0


@dataclass(slots=True)
class Hub:
    """One gateway's dependencies."""

    settings: Settings
    log: Log
    models: ReadModels
    pages: Pages
    clock: Clock
    keys: KeyRing = field(default_factory=KeyRing)
    subscriptions: dict[tuple[str, str], Subscription] = field(default_factory=dict)  # (tenant, channel|name)
    metrics: Metrics = field(default_factory=Metrics)
    patience: Patience = field(default_factory=Patience)
    rate: RateLimitItem = field(default_factory=lambda: parse("2000/second"))
    limiter: SlidingWindowCounterRateLimiter = field(
        default_factory=lambda: SlidingWindowCounterRateLimiter(MemoryStorage())
    )
    waiting: int = 0  # requests that wait for others now
    in_flight: set[tuple[str, str, str]] = field(default_factory=set)  # (tenant, route, request key)
    informed: Callable[[], bool] = lambda: True  # whether keys and subscriptions are read up to their end

    def key_told(self, tenant: str, key: str, record: ApiKey | None) -> None:
        """A key is set or deleted."""
        if record is None:
            self.keys.remove(tenant, key)
        else:
            self.keys.put(tenant, record)

    def subscription_told(self, tenant: str, key: str, record: Subscription | None) -> None:
        """A subscription is set or deleted; what this gateway has just set is newer than what it reads behind it."""
        stands = self.subscriptions.get((tenant, key))
        if record is None:
            self.subscriptions.pop((tenant, key), None)
        elif stands is None or record["version"] >= stands["version"]:
            self.subscriptions[(tenant, key)] = record

    async def close(self) -> None:
        """Send what is on its way and let the connections go."""
        await self.log.close()
        await self.models.close()
        self.pages.close()


def hub_of(request: Request) -> Hub:
    """The hub of the app that serves this request."""
    return cast(Hub, request.app.state.hub)
