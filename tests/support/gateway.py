"""A gateway for tests: the real app over a real Redis, with a log and pages of plain lists."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
import redis
import redis.asyncio
from pydantic import SecretStr
from starlette.testclient import TestClient

from adapters.gateway.hub import Expired, Hub, Patience
from adapters.gateway.keys import issue
from adapters.gateway.main import create_app
from schemas import wire
from schemas.envelope import Envelope
from schemas.generated.channel_v1 import Document
from schemas.generated.feeds_v1 import FeedEntry
from schemas.loader import by_type
from schemas.settings import Settings
from streams.engine.client import LogUnavailable
from streams.engine.effects import Message
from streams.project.decide import decide
from tables.redis.reader import ReadModels
from tables.redis.sink import RedisSink
from tables.redis.view_index import Place
from tables.rows import DictRows
from tables.write import SinkEmptied, Write
from tests.support.redis import Server

MASTER = base64.b64encode(bytes(32)).decode()
NOW = 1_772_438_400_000  # 2026-03-02T08:00:00Z


@dataclass
class FakeLog:
    """An outbox that keeps what it was told, or is away. Every record has to fit its schema, as at the real one."""

    sent: list[Message] = field(default_factory=list)
    away: bool = False

    async def send(
        self, type: str, key: str, record: Mapping[str, Any], *, tenant: str, channel: str = "", correlation: str = "",
        receipt: str = "", id: str | None = None, traceparent: str = "",
    ) -> str:  # fmt: skip
        if self.away:
            raise LogUnavailable("away")
        body = wire.decode(wire.encode(by_type()[type].name, record))[1]
        envelope = Envelope(
            id or f"m-{len(self.sent)}",
            type,
            "wharf/gateway",
            tenant,
            NOW,
            key,
            channel,
            correlation,
            "",
            receipt,
            traceparent=traceparent,
        )
        self.sent.append(Message(envelope, key, body, NOW, (by_type()[type].topic, 0, len(self.sent))))
        return envelope.id

    async def close(self) -> None:
        """Nothing is on its way."""

    def documents(self) -> list[Document]:
        """The documents that were stored."""
        return [message.record for message in self.sent if message.type == "channel.document"]

    def one(self, type: str) -> Any:
        """The only record of this type."""
        (found,) = [message.record for message in self.sent if message.type == type]
        return found


@dataclass
class FakePages:
    """A log of feed entries and documents; what stands before `low` is no longer kept."""

    feed: list[FeedEntry] = field(default_factory=list)
    stored: dict[int, Document] = field(default_factory=dict)
    low: int = 0
    away: bool = False

    async def entries(self, tenant: str, view: str, start: Place, after: int, limit: int) -> Sequence[FeedEntry]:
        if self.away:
            raise LogUnavailable("away")
        if start.offset < self.low:
            raise Expired
        return [entry for entry in self.feed if after < entry["seq"] <= after + limit]

    async def document(self, partition: int, offset: int) -> Document | None:
        return self.stored.get(offset)

    async def earliest(self, places: Sequence[Place]) -> int:
        return next(place.seq for place in places if place.offset >= self.low)

    def close(self) -> None:
        """No connection is held."""


class Desk:
    """A client of the gateway with keys of its own choosing."""

    def __init__(self, hub: Hub, client: TestClient, log: FakeLog, pages: FakePages, sink: RedisSink) -> None:
        self.hub, self.client, self.log, self.pages, self.sink = hub, client, log, pages, sink

    def key(self, *scopes: str, tenant: str = "acme", **rest: Any) -> dict[str, str]:
        """Headers of a new key with these scopes."""
        issued = issue(scopes or ("admin",), name="shop", **rest)
        self.hub.keys.put(tenant, issued.record)
        return {"Authorization": f"Bearer {issued.token}"}

    def send(self, method: str, path: str, headers: Mapping[str, str] | None = None, **rest: Any) -> httpx.Response:
        """One request; an admin's where no key is given."""
        own = headers if headers and "Authorization" in headers else {**self.key(), **(headers or {})}
        answer: httpx.Response = self.client.request(method, path, headers=own, **rest)
        return answer

    def order(self, body: Any, key: str = "k-1", **headers: str) -> httpx.Response:
        """POST /v1/orders under this idempotency key."""
        return self.send("POST", "/v1/orders", {**self.key(), "Idempotency-Key": key, **headers}, json=body)

    def project(self, *messages: Message) -> None:
        """Let the projection see these messages, by the real decision and the real script."""
        self.write([write for message in messages for write in decide(message, DictRows()).writes])

    def write(self, writes: Sequence[Write]) -> None:
        """Write read models, as the engine would: a sink that was emptied is told all again, which here is all."""
        try:
            self.sink.write(writes)
        except SinkEmptied:
            self.sink.write(writes)

    def caught_up(self, at: int = NOW, partition: int = 3) -> None:
        """Say up to when the projection has come, and again where that is refused once: it then begins anew."""
        for _ in range(2):
            with suppress(SinkEmptied):
                self.sink.caught_up({("inventory.availability", partition): at})
        self.sink.caught_up({("inventory.availability", partition): at})


@contextmanager
def desk(
    server: Server, *, log: FakeLog | None = None, pages: FakePages | None = None, **patience: float
) -> Iterator[Desk]:
    """A gateway over this Redis, emptied before; it waits for next to nothing."""
    with server.client() as client:
        client.flushall()
    log, pages = log or FakeLog(), pages or FakePages()
    models = ReadModels(redis.asyncio.Redis.from_url(server.url, socket_connect_timeout=1), "dev")
    settings = Settings(environment="dev", master_key=SecretStr(MASTER))
    hub = Hub(
        settings=settings, log=log, models=models, pages=pages, clock=lambda: NOW,
        patience=Patience(**{"appear_s": 0.0, "decide_s": 0.0, "poll_s": 0.001, "heartbeat_s": 0.01, **patience}),
    )  # fmt: skip
    with TestClient(create_app(hub), raise_server_exceptions=False) as http:
        yield Desk(hub, http, log, pages, RedisSink(server.client(), "dev"))
        http.portal.call(models.close)  # type: ignore[union-attr]
