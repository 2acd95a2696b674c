"""What a story may do wherever it is played, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import httpx

from streams.engine.records import Record
from tests.stories.places.noise import Echo

T = TypeVar("T")
Json = dict[str, Any]


class Erp(Protocol):
    """The ERP of the story: a process of its own, that can be told to misbehave."""

    def faults(self, **on: Any) -> None:
        """Exactly these faults from now on."""

    def journal(self) -> list[Json]:
        """What it committed."""


class Subscriber(Protocol):
    """Who gets webhooks: a process of its own, with a ledger of its own."""

    def hook(self, name: str) -> str:
        """URL of a subscription's endpoint."""

    def told(self, name: str, secret: str) -> None:
        """Its owner was told the secret."""

    def taken(self, name: str) -> list[Json]:
        """What it believed."""


class Place(Protocol):
    """A running wharf, and the world around it."""

    @property
    def echo(self) -> Echo:
        """Which requests came twice."""

    @property
    def erp(self) -> Erp:
        """Where orders are posted."""

    @property
    def subscriber(self) -> Subscriber:
        """Where webhooks go."""

    def ask(self, method: str, path: str, *, key: str = "", **rest: Any) -> httpx.Response:
        """One HTTP request, under an Idempotency-Key where one is given."""

    def send(self, name: str, body: bytes, channel: str) -> Json:
        """`wharf send NAME --channel CHANNEL`; returns its line."""

    def order(self, order_id: str) -> Json:
        """`wharf order show ID`."""

    def timeline(self, order_id: str) -> list[Json]:
        """`wharf order show ID --timeline`."""

    def availability(self, sku: str, channel: str) -> Json:
        """`wharf availability show SKU --channel CHANNEL`."""

    def tail(self, topic: str, key: str = "") -> list[Json]:
        """`wharf tail TOPIC --from-beginning --once`."""

    def now(self) -> int:
        """The place's time, ms since the epoch."""

    def records(self) -> list[Record]:
        """The whole log, as a plain client reads it."""

    def settle(self) -> None:
        """Wait until nothing follows any more from what was asked so far."""

    def at(self, minute: float) -> None:
        """The story's clock: where time is virtual it passes, where it is real the story is shortened."""

    def until(self, ask: Callable[[], T], holds: Callable[[T], bool]) -> T:
        """What is answered once it holds, or else what was answered last."""
